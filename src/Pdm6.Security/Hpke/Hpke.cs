namespace Pdm6.Security;

/// <summary>
/// One message to the holder of a private key: Hybrid Public Key Encryption in a single shot (RFC 9180, section 6).
/// Several messages, secrets and the modes that prove the sender are with <see cref="HpkeSender"/> and
/// <see cref="HpkeRecipient"/>.
/// </summary>
public static class Hpke
{
    /// <summary>Seals a message; anybody may be its sender.</summary>
    /// <param name="suite">The algorithms.</param>
    /// <param name="recipient">Whom it is for; a key of the suite's KEM.</param>
    /// <param name="info">What both ends know and the key is bound to.</param>
    /// <param name="associatedData">What the tag binds besides the text.</param>
    /// <param name="plaintext">The text.</param>
    /// <param name="encapsulation">What the recipient needs besides the ciphertext ("enc").</param>
    /// <returns>The ciphertext, <see cref="HpkeSender.TagSize"/> octets longer than the text.</returns>
    /// <exception cref="ArgumentException">The key is of another KEM, or <paramref name="info"/> is too long for a KDF of
    /// one stage.</exception>
    /// <exception cref="InvalidOperationException">The suite is export-only.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine lacks an algorithm; the message says which.</exception>
    public static byte[] SealBase(
        HpkeSuite suite, HpkePublicKey recipient, ReadOnlySpan<byte> info, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext, out byte[] encapsulation)
    {
        using HpkeSender sender = HpkeSender.SetupBase(suite, recipient, info);
        encapsulation = sender.Encapsulation.ToArray();
        return sender.Seal(associatedData, plaintext);
    }

    /// <summary>Opens what <see cref="SealBase"/> made. Nothing that was received makes it throw.</summary>
    /// <param name="suite">The algorithms, as received.</param>
    /// <param name="privateKey">The recipient's key.</param>
    /// <param name="encapsulation">As received.</param>
    /// <param name="info">What both ends know and the key is bound to.</param>
    /// <param name="associatedData">What the tag binds besides the text.</param>
    /// <param name="ciphertext">As received.</param>
    /// <param name="plaintext">Receives the text.</param>
    /// <param name="written">Octets of the text.</param>
    /// <returns>False if the message is not authentic, its text has more octets than there is room for, or its suite is not
    /// supported, export-only or of another KEM than the key.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public static bool TryOpenBase(
        HpkeSuite suite, HpkePrivateKey privateKey, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, out int written)
    {
        written = 0;
        if (suite.Aead == HpkeAead.ExportOnly
            || !HpkeRecipient.TrySetupBase(suite, privateKey, encapsulation, info, out HpkeRecipient? recipient))
            return false;
        using (recipient)
            return recipient.TryOpen(associatedData, ciphertext, plaintext, out written);
    }
}
