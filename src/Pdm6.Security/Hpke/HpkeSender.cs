using System.Security.Cryptography;
using Pdm6.Security.Kems;
using Pdm6.Security.Schedule;

namespace Pdm6.Security;

/// <summary>
/// The sending end of an HPKE context (RFC 9180, section 5): messages in a row to one recipient, and secrets that both
/// ends can derive. Every context has a fresh ephemeral key and counts its messages itself, so no key and nonce come
/// twice. Safe for use by several threads.
/// </summary>
public sealed class HpkeSender : IDisposable
{
    /// <summary>Octets that sealing adds.</summary>
    public const int TagSize = MessageCipher.TagSize;

    private readonly byte[] _encapsulation;

    private HpkeSender(MessageContext context, byte[] encapsulation)
    {
        Context = context;
        _encapsulation = encapsulation;
    }

    /// <summary>What the recipient needs to set up its end ("enc").</summary>
    public ReadOnlySpan<byte> Encapsulation => _encapsulation;

    internal MessageContext Context { get; }

    /// <summary>SetupBaseS: anybody may be the sender.</summary>
    /// <param name="suite">The algorithms.</param>
    /// <param name="recipient">Whom it is for; a key of the suite's KEM.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <exception cref="ArgumentException">The key is of another KEM, or <paramref name="info"/> is too long for a KDF of
    /// one stage.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine lacks an algorithm; the message says which.</exception>
    public static HpkeSender SetupBase(HpkeSuite suite, HpkePublicKey recipient, ReadOnlySpan<byte> info) =>
        Setup(suite, HpkeMode.Base, recipient, info, default, sender: null, ephemeral: null);

    /// <summary>SetupPSKS: the sender proves to hold a pre-shared key.</summary>
    /// <inheritdoc cref="SetupBase"/>
    /// <param name="suite">The algorithms.</param>
    /// <param name="recipient">Whom it is for; a key of the suite's KEM.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <param name="psk">The pre-shared key.</param>
    public static HpkeSender SetupPsk(HpkeSuite suite, HpkePublicKey recipient, ReadOnlySpan<byte> info, HpkePsk psk)
    {
        psk.ThrowIfNone();
        return Setup(suite, HpkeMode.Psk, recipient, info, psk, sender: null, ephemeral: null);
    }

    /// <summary>SetupAuthS: the sender proves to hold a private key. Whoever holds the recipient's private key can forge
    /// that proof (section 9.1.1).</summary>
    /// <inheritdoc cref="SetupBase"/>
    /// <param name="suite">The algorithms.</param>
    /// <param name="recipient">Whom it is for; a key of the suite's KEM.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <param name="sender">The sender's key, of the suite's KEM.</param>
    public static HpkeSender SetupAuth(
        HpkeSuite suite, HpkePublicKey recipient, ReadOnlySpan<byte> info, HpkePrivateKey sender)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return Setup(suite, HpkeMode.Auth, recipient, info, default, sender, ephemeral: null);
    }

    /// <summary>SetupAuthPSKS: the sender proves to hold both.</summary>
    /// <inheritdoc cref="SetupBase"/>
    /// <param name="suite">The algorithms.</param>
    /// <param name="recipient">Whom it is for; a key of the suite's KEM.</param>
    /// <param name="info">What both ends know and the keys are bound to.</param>
    /// <param name="psk">The pre-shared key.</param>
    /// <param name="sender">The sender's key, of the suite's KEM.</param>
    public static HpkeSender SetupAuthPsk(
        HpkeSuite suite, HpkePublicKey recipient, ReadOnlySpan<byte> info, HpkePsk psk, HpkePrivateKey sender)
    {
        psk.ThrowIfNone();
        ArgumentNullException.ThrowIfNull(sender);
        return Setup(suite, HpkeMode.AuthPsk, recipient, info, psk, sender, ephemeral: null);
    }

    /// <summary>Seals the next message.</summary>
    /// <param name="associatedData">What the tag binds besides the text.</param>
    /// <param name="plaintext">The text.</param>
    /// <returns>The ciphertext, <see cref="TagSize"/> octets longer than the text.</returns>
    /// <exception cref="InvalidOperationException">The suite is export-only, or 2^64 - 1 messages are sealed.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public byte[] Seal(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext)
    {
        byte[] ciphertext = new byte[plaintext.Length + TagSize];
        Context.Seal(associatedData, plaintext, ciphertext);
        return ciphertext;
    }

    /// <summary>Derives a secret that the recipient's end derives too (section 5.3).</summary>
    /// <param name="exporterContext">Names the use.</param>
    /// <param name="secret">Receives the secret, of which the length is a part; the caller zeroes it.</param>
    /// <exception cref="ArgumentException">More octets than the KDF gives: 255 times its hash.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret) => Context.Export(exporterContext, secret);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => Context.Dispose();

    /// <summary>UNSAFE: sets up with an ephemeral key that the caller names. Two contexts with the same one have the same
    /// keys and nonces. It exists for test vectors, which state theirs; nothing that sends may use it.</summary>
    internal static HpkeSender UnsafeSetupWithExplicitEphemeral(
        HpkeSuite suite, HpkeMode mode, HpkePublicKey recipient, ReadOnlySpan<byte> info, HpkePsk psk,
        HpkePrivateKey? sender, HpkePrivateKey ephemeral) =>
        Setup(suite, mode, recipient, info, psk, sender, ephemeral);

    private static HpkeSender Setup(
        HpkeSuite suite, HpkeMode mode, HpkePublicKey recipient, ReadOnlySpan<byte> info, HpkePsk psk,
        HpkePrivateKey? sender, HpkePrivateKey? ephemeral)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        suite.ThrowIfUnsupported();
        KemAlgorithm kem = recipient.Algorithm;
        if (recipient.Kem != suite.Kem || (sender is not null && sender.Kem != suite.Kem))
            throw new ArgumentException($"The suite takes keys of {KemAlgorithm.Of(suite.Kem).Name}.");
        if (sender is not null && !kem.Authenticates)
            throw new ArgumentException($"{kem.Name} cannot prove a sender.", nameof(sender));

        Span<byte> sharedSecret = stackalloc byte[kem.SharedSecretSize];
        try
        {
            byte[] encapsulation = Encapsulate(kem, recipient, sender, ephemeral, sharedSecret);
            return new HpkeSender(new MessageContext(suite, mode, sharedSecret, info, psk), encapsulation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
        }
    }

    private static byte[] Encapsulate(
        KemAlgorithm kem, HpkePublicKey recipient, HpkePrivateKey? sender, HpkePrivateKey? ephemeral,
        Span<byte> sharedSecret)
    {
        KemPrivateKey? senderKey = null, ephemeralKey = null;
        using UseGate.Visit senderUse = sender is null ? default : sender.Use(out senderKey);
        using UseGate.Visit ephemeralUse = ephemeral is null ? default : ephemeral.Use(out ephemeralKey);
        return kem.Encapsulate(recipient.Key, senderKey, ephemeralKey, sharedSecret);
    }
}
