using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security.Kems;
using Pdm6.Security.Schedule;

namespace Pdm6.Security;

/// <summary>
/// The receiving end of an HPKE context (RFC 9180, section 5). Messages are opened in the order in which they were sealed;
/// one that is not authentic changes nothing. Safe for use by several threads.
/// </summary>
public sealed class HpkeRecipient : IDisposable
{
    private HpkeRecipient(MessageContext context) => Context = context;

    internal MessageContext Context { get; }

    /// <summary>SetupBaseR: anybody may be the sender.</summary>
    /// <param name="suite">The algorithms, as received.</param>
    /// <param name="privateKey">The recipient's key.</param>
    /// <param name="encapsulation">As received.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <param name="context">The context. That a message opens proves that the two ends are the same; the set-up alone
    /// proves nothing.</param>
    /// <returns>False if the suite is not supported, the private key is of another KEM, or the encapsulation is
    /// none.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public static bool TrySetupBase(
        HpkeSuite suite, HpkePrivateKey privateKey, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> info,
        [NotNullWhen(true)] out HpkeRecipient? context) =>
        TrySetup(suite, HpkeMode.Base, privateKey, encapsulation, info, default, sender: null, out context);

    /// <summary>SetupPSKR: the sender proves to hold a pre-shared key.</summary>
    /// <inheritdoc cref="TrySetupBase"/>
    /// <param name="suite">The algorithms, as received.</param>
    /// <param name="privateKey">The recipient's key.</param>
    /// <param name="encapsulation">As received.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <param name="psk">The pre-shared key.</param>
    /// <param name="context">The context.</param>
    public static bool TrySetupPsk(
        HpkeSuite suite, HpkePrivateKey privateKey, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> info, HpkePsk psk,
        [NotNullWhen(true)] out HpkeRecipient? context)
    {
        psk.ThrowIfNone();
        return TrySetup(suite, HpkeMode.Psk, privateKey, encapsulation, info, psk, sender: null, out context);
    }

    /// <summary>SetupAuthR: the sender proves to hold a private key.</summary>
    /// <inheritdoc cref="TrySetupBase"/>
    /// <param name="suite">The algorithms, as received.</param>
    /// <param name="privateKey">The recipient's key.</param>
    /// <param name="encapsulation">As received.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <param name="sender">Who the sender must be.</param>
    /// <param name="context">The context.</param>
    public static bool TrySetupAuth(
        HpkeSuite suite, HpkePrivateKey privateKey, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> info,
        HpkePublicKey sender, [NotNullWhen(true)] out HpkeRecipient? context)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return TrySetup(suite, HpkeMode.Auth, privateKey, encapsulation, info, default, sender, out context);
    }

    /// <summary>SetupAuthPSKR: the sender proves to hold both.</summary>
    /// <inheritdoc cref="TrySetupBase"/>
    /// <param name="suite">The algorithms, as received.</param>
    /// <param name="privateKey">The recipient's key.</param>
    /// <param name="encapsulation">As received.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <param name="psk">The pre-shared key.</param>
    /// <param name="sender">Who the sender must be.</param>
    /// <param name="context">The context.</param>
    public static bool TrySetupAuthPsk(
        HpkeSuite suite, HpkePrivateKey privateKey, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> info, HpkePsk psk,
        HpkePublicKey sender, [NotNullWhen(true)] out HpkeRecipient? context)
    {
        psk.ThrowIfNone();
        ArgumentNullException.ThrowIfNull(sender);
        return TrySetup(suite, HpkeMode.AuthPsk, privateKey, encapsulation, info, psk, sender, out context);
    }

    /// <summary>Opens the next message.</summary>
    /// <param name="associatedData">What the tag binds besides the text.</param>
    /// <param name="ciphertext">As received.</param>
    /// <param name="plaintext">Receives the text, <see cref="HpkeSender.TagSize"/> octets less than the ciphertext.</param>
    /// <param name="written">Octets of the text.</param>
    /// <returns>False if the message is not authentic or not the next one, or its text has more octets than there is room
    /// for; the text's room then holds nothing of it.</returns>
    /// <exception cref="InvalidOperationException">The suite is export-only.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public bool TryOpen(
        ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, out int written) =>
        Context.TryOpen(associatedData, ciphertext, plaintext, out written);

    /// <inheritdoc cref="HpkeSender.Export"/>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret) => Context.Export(exporterContext, secret);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => Context.Dispose();

    private static bool TrySetup(
        HpkeSuite suite, HpkeMode mode, HpkePrivateKey privateKey, ReadOnlySpan<byte> encapsulation,
        ReadOnlySpan<byte> info, HpkePsk psk, HpkePublicKey? sender, [NotNullWhen(true)] out HpkeRecipient? context)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        context = null;
        if (!suite.IsSupported(out _) || privateKey.Kem != suite.Kem)
            return false;
        if (sender is not null && sender.Kem != suite.Kem)
            return false;
        KemAlgorithm kem = privateKey.PublicKey.Algorithm;
        if (sender is not null && !kem.Authenticates)
            return false;

        Span<byte> sharedSecret = stackalloc byte[kem.SharedSecretSize];
        try
        {
            using (privateKey.Use(out KemPrivateKey key))
                if (!kem.TryDecapsulate(encapsulation, key, sender?.Key, sharedSecret))
                    return false;
            context = new HpkeRecipient(new MessageContext(suite, mode, sharedSecret, info, psk));
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
        }
    }
}
