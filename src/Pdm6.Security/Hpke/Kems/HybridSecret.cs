using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>The combiner of MLKEM768-P256 (draft-irtf-cfrg-hybrid-kems, C2PRI combiner): SHA3-256 of both secrets, of what
/// P-256 sent and of whom it was for, and of the name. ML-KEM's own ciphertext need not enter: no other gives the same
/// secret.</summary>
internal static class HybridSecret
{
    /// <summary>Octets of a shared secret.</summary>
    public const int Size = 32;
    public const string Label = "MLKEM768-P256";

    private static ReadOnlySpan<byte> LabelOctets => "MLKEM768-P256"u8;

    /// <param name="mlKemSecret">What ML-KEM gave.</param>
    /// <param name="agreement">What P-256 gave: an x-coordinate.</param>
    /// <param name="ephemeralPoint">The sender's point, uncompressed.</param>
    /// <param name="recipientPoint">The recipient's point, uncompressed.</param>
    /// <param name="sharedSecret">Receives 32 octets.</param>
    public static void Combine(
        ReadOnlySpan<byte> mlKemSecret, ReadOnlySpan<byte> agreement, ReadOnlySpan<byte> ephemeralPoint,
        ReadOnlySpan<byte> recipientPoint, Span<byte> sharedSecret)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA3_256);
        hash.AppendData(mlKemSecret);
        hash.AppendData(agreement);
        hash.AppendData(ephemeralPoint);
        hash.AppendData(recipientPoint);
        hash.AppendData(LabelOctets);
        hash.GetHashAndReset(sharedSecret);
    }
}
