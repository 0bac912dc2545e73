using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Announcements;

/// <summary>A secret of 32 octets sealed to one key with HPKE (RFC 9180, base mode, one message).</summary>
/// <param name="KeyId">SHA-256 of the recipient's public key.</param>
/// <param name="Kem">Numbers of IANA's HPKE registry, as the next two.</param>
/// <param name="Kdf">The key derivation function.</param>
/// <param name="Aead">The cipher.</param>
/// <param name="Enc">The encapsulated key.</param>
/// <param name="Ciphertext">The secret and the tag: 48 octets.</param>
public sealed record SealedSecret(
    [property: JsonConverter(typeof(HpkeKeyIdJsonConverter))] HpkeKeyId KeyId,
    HpkeKem Kem, HpkeKdf Kdf, HpkeAead Aead, byte[] Enc, byte[] Ciphertext)
{
    /// <summary>The longest encapsulated key that is looked at, octets.</summary>
    public const int LongestEnc = 2048;

    private const int CiphertextSize = KeyDerivation.SecretSize + HpkeSender.TagSize;

    /// <summary>Seals a secret.</summary>
    internal static SealedSecret Seal(
        SecretBinding binding, HpkePublicKey recipient, HpkeKdf kdf, HpkeAead aead, ReadOnlySpan<byte> secret)
    {
        ThrowIfNotSecret(secret, nameof(secret));
        byte[] ciphertext = Hpke.SealBase(
            new HpkeSuite(recipient.Kem, kdf, aead), recipient, binding.InfoFor(recipient.KeyId), binding.AssociatedData, secret,
            out byte[] enc);
        return new SealedSecret(recipient.KeyId, recipient.Kem, kdf, aead, enc, ciphertext);
    }

    /// <summary>UNSAFE: seals with an ephemeral key that the caller names. Two secrets sealed with the same one to the same
    /// key under the same binding have the same key and nonce. It exists for test vectors, which state theirs; nothing that
    /// sends may use it.</summary>
    /// <param name="binding">What it is bound to.</param>
    /// <param name="recipient">To whom it is sealed.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="ephemeral">The ephemeral key.</param>
    /// <param name="baseNonce">HPKE's base_nonce, to be stated.</param>
    internal static SealedSecret UnsafeSealWithExplicitEphemeral(
        SecretBinding binding, Recipient recipient, ReadOnlySpan<byte> secret, HpkePrivateKey ephemeral, out byte[] baseNonce)
    {
        using HpkeSender sender = HpkeSender.UnsafeSetupWithExplicitEphemeral(
            new HpkeSuite(recipient.Key.Kem, recipient.Kdf, recipient.Aead), HpkeMode.Base, recipient.Key,
            binding.InfoFor(recipient.Key.KeyId), default, sender: null, ephemeral);
        baseNonce = sender.Context.BaseNonce.ToArray();
        byte[] ciphertext = sender.Seal(binding.AssociatedData, secret);
        return new SealedSecret(
            recipient.Key.KeyId, recipient.Key.Kem, recipient.Kdf, recipient.Aead, sender.Encapsulation.ToArray(), ciphertext);
    }

    /// <summary>Opens it. What was received never makes it throw.</summary>
    /// <param name="binding">What it must be bound to.</param>
    /// <param name="key">The recipient's key.</param>
    /// <param name="secret">Receives 32 octets; the caller zeroes them.</param>
    /// <returns>False if it is sealed to another key, bound to something else, or altered.</returns>
    internal bool TryOpen(SecretBinding binding, HpkePrivateKey key, Span<byte> secret)
    {
        ThrowIfNotSecret(secret, nameof(secret));
        return key.PublicKey.KeyId == KeyId && Hpke.TryOpenBase(
            new HpkeSuite(Kem, Kdf, Aead), key, Enc, binding.InfoFor(KeyId), binding.AssociatedData, Ciphertext, secret, out _);
    }

    /// <exception cref="ArgumentException">The span has not the size of a secret.</exception>
    internal static void ThrowIfNotSecret(ReadOnlySpan<byte> secret, string name)
    {
        if (secret.Length != KeyDerivation.SecretSize)
            throw new ArgumentException($"A secret has {KeyDerivation.SecretSize} octets.", name);
    }

    internal bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = Enc.Length is 0 or > LongestEnc ? $"An encapsulated key has 1 to {LongestEnc} octets."
            : Ciphertext.Length != CiphertextSize ? $"A sealed secret has {CiphertextSize} octets."
            : null;
        return error is null;
    }
}
