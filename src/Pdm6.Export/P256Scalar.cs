using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pdm6.Export;

/// <summary>
/// Turns uniform octets into a P-256 private key without a bias that matters: value mod (n - 1) + 1 (FIPS 186-5
/// appendix A.2.1). Plain limbs instead of BigInteger, because a BigInteger's memory cannot be zeroed.
/// </summary>
internal static class P256Scalar
{
    /// <summary>Octets taken: 128 bits more than the order, so that the bias is below 2^-128.</summary>
    public const int SeedSize = 48;

    /// <summary>Octets given.</summary>
    public const int Size = 32;

    // The order of the curve minus 1 (SP 800-186 section 3.2.1.3), least significant limb first.
    private static ReadOnlySpan<ulong> OrderMinusOne =>
        [0xf3b9cac2fc632550, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000];

    /// <summary>Writes 32 octets, big-endian, in 1 .. n - 1.</summary>
    public static void FromSeed(ReadOnlySpan<byte> seed, Span<byte> scalar)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalar.Length, Size);
        Span<ulong> remainder = stackalloc ulong[4];
        Span<ulong> difference = stackalloc ulong[4];
        remainder.Clear();
        for (int bit = 0; bit < SeedSize * 8; bit++)
        {
            ulong carry = (ulong)(seed[bit / 8] >> (7 - bit % 8)) & 1;
            for (int limb = 0; limb < 4; limb++)
                (remainder[limb], carry) = ((remainder[limb] << 1) | carry, remainder[limb] >> 63);
            ulong borrow = 0;
            for (int limb = 0; limb < 4; limb++)
            {
                UInt128 step = (UInt128)remainder[limb] - OrderMinusOne[limb] - borrow;
                difference[limb] = (ulong)step;
                borrow = (ulong)(step >> 64) & 1;
            }
            // Subtract when the doubled remainder passed 2^256 or does not fall below the modulus; no branch on it.
            ulong keep = 0 - (borrow & (carry ^ 1));
            for (int limb = 0; limb < 4; limb++)
                remainder[limb] = (remainder[limb] & keep) | (difference[limb] & ~keep);
        }
        ulong one = 1;
        for (int limb = 0; limb < 4; limb++)
        {
            UInt128 sum = (UInt128)remainder[limb] + one;
            one = (ulong)(sum >> 64);
            BinaryPrimitives.WriteUInt64BigEndian(scalar[(24 - 8 * limb)..], (ulong)sum);
        }
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(remainder));
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(difference));
    }
}
