using System.Security.Cryptography;

namespace Pdm6.Security.Schedule;

/// <summary>LabeledExtract and LabeledExpand over HKDF (RFC 9180, section 4).</summary>
/// <param name="hash">The hash.</param>
/// <param name="suiteId">Keeps the secrets of different algorithms apart.</param>
internal readonly struct LabeledHkdf(HashAlgorithmName hash, ReadOnlyMemory<byte> suiteId)
{
    private const int LongestOnStack = 512;

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    /// <summary>Octets of the hash (Nh).</summary>
    public static int SizeOf(HashAlgorithmName hash) => hash.Name switch
    {
        nameof(HashAlgorithmName.SHA256) => SHA256.HashSizeInBytes,
        nameof(HashAlgorithmName.SHA384) => SHA384.HashSizeInBytes,
        nameof(HashAlgorithmName.SHA512) => SHA512.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };

    /// <summary>LabeledExtract.</summary>
    /// <param name="salt">The salt; may be empty.</param>
    /// <param name="label">What it is for.</param>
    /// <param name="inputKeyMaterial">The secret.</param>
    /// <param name="extracted">Receives as many octets as the hash has.</param>
    public void Extract(
        ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> inputKeyMaterial, Span<byte> extracted)
    {
        // HKDF-Extract is HMAC; in pieces, so that no secret is copied.
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(hash, salt);
        hmac.AppendData(Version);
        hmac.AppendData(suiteId.Span);
        hmac.AppendData(label);
        hmac.AppendData(inputKeyMaterial);
        hmac.GetHashAndReset(extracted);
    }

    /// <summary>LabeledExpand.</summary>
    /// <param name="extracted">What <see cref="Extract"/> gave.</param>
    /// <param name="label">What it is for.</param>
    /// <param name="info">What it is bound to; no secret.</param>
    /// <param name="output">Receives at most 255 times as many octets as the hash has.</param>
    public void Expand(
        ReadOnlySpan<byte> extracted, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        int size = sizeof(ushort) + Version.Length + suiteId.Length + label.Length + info.Length;
        Span<byte> labeled = size <= LongestOnStack ? stackalloc byte[size] : new byte[size];
        OctetWriter writer = new(labeled);
        writer.AppendUInt16(output.Length);
        writer.Append(Version);
        writer.Append(suiteId.Span);
        writer.Append(label);
        writer.Append(info);
        HKDF.Expand(hash, extracted, output, labeled);
    }
}
