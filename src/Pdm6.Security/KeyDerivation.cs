using System.Buffers.Binary;
using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// From a key file to the key of one directed address pair in one epoch (protocol reference, section 6), with
/// HKDF-SHA256 (RFC 5869):
/// <code>
/// base_secret = Extract(salt = incarnation id, key file)
/// pair_secret = Expand(base_secret, "pdm6 v1 pair" || source 16 || destination 16, 32)
/// okm         = Expand(pair_secret, "pdm6 v1 session" || suite u16 || epoch u16, key length + 12)
/// frame key   = Expand(pair_secret, "pdm6 v1 frame" || suite u16 || epoch u16, 32)
/// path key    = Expand(pair_secret, "pdm6 v1 path", 32)
/// </code>
/// Two steps, so that the far end can be given the pair secret, which checks the packets sent to it, and nothing else.
/// </summary>
public static class KeyDerivation
{
    /// <summary>Octets of a base secret and of a pair secret.</summary>
    public const int SecretSize = 32;
    /// <summary>Octets of the key of a udp-frame, whatever the suite: frames are sealed with AES-256-GCM.</summary>
    public const int FrameKeySize = 32;

    private static ReadOnlySpan<byte> PairLabel => "pdm6 v1 pair"u8;
    private static ReadOnlySpan<byte> SessionLabel => "pdm6 v1 session"u8;
    private static ReadOnlySpan<byte> FrameLabel => "pdm6 v1 frame"u8;
    private static ReadOnlySpan<byte> PathLabel => "pdm6 v1 path"u8;

    /// <summary>The base secret of an incarnation that has a key file instead of a registrar.</summary>
    /// <param name="keyFileSecret">The key file's 32 octets.</param>
    /// <param name="id">The incarnation; its octets are the salt.</param>
    /// <param name="baseSecret">Receives 32 octets; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void BaseSecretFromKeyFile(ReadOnlySpan<byte> keyFileSecret, IncarnationId id, Span<byte> baseSecret)
    {
        ThrowIfNotSecret(keyFileSecret, nameof(keyFileSecret));
        ThrowIfNotSecret(baseSecret, nameof(baseSecret));
        Span<byte> salt = stackalloc byte[IncarnationId.Size];
        id.Write(salt);
        HKDF.Extract(HashAlgorithmName.SHA256, keyFileSecret, salt, baseSecret);
    }

    /// <summary>The secret of one directed address pair: who holds it can read and forge that direction.</summary>
    /// <param name="baseSecret">The context's base secret, 32 octets.</param>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The final destination.</param>
    /// <param name="pairSecret">Receives 32 octets; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void PairSecret(
        ReadOnlySpan<byte> baseSecret, Ipv6Address source, Ipv6Address destination, Span<byte> pairSecret)
    {
        ThrowIfNotSecret(baseSecret, nameof(baseSecret));
        ThrowIfNotSecret(pairSecret, nameof(pairSecret));
        Span<byte> info = stackalloc byte[PairLabel.Length + 2 * Ipv6Address.Size];
        PairLabel.CopyTo(info);
        source.Write(info[PairLabel.Length..]);
        destination.Write(info[(PairLabel.Length + Ipv6Address.Size)..]);
        HKDF.Expand(HashAlgorithmName.SHA256, baseSecret, pairSecret, info);
    }

    /// <summary>The key and the base nonce of a pair in one epoch.</summary>
    /// <param name="pairSecret">The pair's secret, 32 octets.</param>
    /// <param name="suite">The context's suite.</param>
    /// <param name="epoch">The epoch as on the wire, 12 bits.</param>
    /// <param name="key">Receives <see cref="Suites.KeySize"/> octets; the caller zeroes them.</param>
    /// <param name="baseNonce">Receives 12 octets.</param>
    /// <exception cref="ArgumentException">A span has another length, the epoch more than 12 bits, or there is no such
    /// suite.</exception>
    public static void SessionKey(
        ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, Span<byte> key, Span<byte> baseNonce)
    {
        ThrowIfNotSecret(pairSecret, nameof(pairSecret));
        EpochTimetable.ThrowIfNotEpoch(epoch);
        int keySize = Suites.KeySize(suite);
        if (key.Length != keySize)
            throw new ArgumentException($"{suite} takes a key of {keySize} octets.", nameof(key));
        if (baseNonce.Length != Nonce.Size)
            throw new ArgumentException($"A base nonce has {Nonce.Size} octets.", nameof(baseNonce));

        Span<byte> okm = stackalloc byte[Suites.LongestKeySize + Nonce.Size];
        okm = okm[..(keySize + Nonce.Size)];
        try
        {
            ExpandForEpoch(pairSecret, SessionLabel, suite, epoch, okm);
            okm[..keySize].CopyTo(key);
            okm[keySize..].CopyTo(baseNonce);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(okm);
        }
    }

    /// <summary>The key of the udp-frames of a pair in one epoch, which is their key id (protocol reference, sections 4
    /// and 6).</summary>
    /// <param name="pairSecret">The pair's secret, 32 octets.</param>
    /// <param name="suite">The context's suite. It enters the key; the cipher is AES-256-GCM for both.</param>
    /// <param name="epoch">The epoch, 12 bits.</param>
    /// <param name="key">Receives 32 octets; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has another length, the epoch more than 12 bits, or there is no such
    /// suite.</exception>
    public static void FrameKey(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, Span<byte> key)
    {
        ThrowIfNotSecret(pairSecret, nameof(pairSecret));
        EpochTimetable.ThrowIfNotEpoch(epoch);
        Suites.KeySize(suite);
        if (key.Length != FrameKeySize)
            throw new ArgumentException($"A frame key has {FrameKeySize} octets.", nameof(key));
        ExpandForEpoch(pairSecret, FrameLabel, suite, epoch, key);
    }

    /// <summary>The key by which agents authenticate to each other what they ask about the path of a pair: of an HMAC, and
    /// of nothing else.</summary>
    /// <param name="pairSecret">The pair's secret, 32 octets.</param>
    /// <param name="key">Receives 32 octets; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void PathKey(ReadOnlySpan<byte> pairSecret, Span<byte> key)
    {
        ThrowIfNotSecret(pairSecret, nameof(pairSecret));
        ThrowIfNotSecret(key, nameof(key));
        HKDF.Expand(HashAlgorithmName.SHA256, pairSecret, key, PathLabel);
    }

    private static void ExpandForEpoch(
        ReadOnlySpan<byte> pairSecret, ReadOnlySpan<byte> label, Suite suite, ushort epoch, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[SessionLabel.Length + 4]; // the longer of the two labels
        label.CopyTo(info);
        BinaryPrimitives.WriteUInt16BigEndian(info[label.Length..], (ushort)suite);
        BinaryPrimitives.WriteUInt16BigEndian(info[(label.Length + 2)..], epoch);
        HKDF.Expand(HashAlgorithmName.SHA256, pairSecret, output, info[..(label.Length + 4)]);
    }

    private static void ThrowIfNotSecret(ReadOnlySpan<byte> secret, string name)
    {
        if (secret.Length != SecretSize)
            throw new ArgumentException($"A secret has {SecretSize} octets.", name);
    }
}
