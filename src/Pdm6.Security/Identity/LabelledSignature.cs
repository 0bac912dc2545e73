using System.Security.Cryptography;

namespace Pdm6.Security.Identity;

/// <summary>The signatures of identity keys: ECDSA over P-256 with SHA-256, of label || 0x00 || octets, as r || s of 32
/// octets each (IEEE P1363). No label holds a zero octet, so a signature for one purpose is none for another.</summary>
internal static class LabelledSignature
{
    public const int Size = 64;

    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> octets)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(label, octets, hash);
        return key.SignHash(hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public static bool Verify(ECDsa key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(label, octets, hash);
        return signature.Length == Size
            && key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static void Hash(ReadOnlySpan<byte> label, ReadOnlySpan<byte> octets, Span<byte> hash)
    {
        if (label.IsEmpty || label.Contains((byte)0))
            throw new ArgumentException("A label is at least one octet, none of them 0.", nameof(label));
        using IncrementalHash message = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        message.AppendData(label);
        message.AppendData([0]);
        message.AppendData(octets);
        message.GetHashAndReset(hash);
    }
}
