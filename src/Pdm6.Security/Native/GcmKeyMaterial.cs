using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pdm6.Security.Native;

/// <summary>
/// What <see cref="AcceleratedGcm"/> needs of a key, in one block of memory:
/// <code>
///   0 round keys, 15 x 16 | 240 H | 256 H^2 | 272 H^3 (multipliers) | 288 lengths block of an option times H
/// </code>
/// </summary>
internal static class GcmKeyMaterial
{
    public const int H = AesNi.LongestScheduleSize;
    public const int H2 = H + AesNi.BlockSize;
    public const int H3 = H2 + AesNi.BlockSize;
    public const int OptionLengths = H3 + AesNi.BlockSize;
    public const int Size = OptionLengths + AesNi.BlockSize;

    /// <summary>Writes the material of a key of 16 or 32 octets; returns the number of rounds.</summary>
    public static int Write(ReadOnlySpan<byte> key, Span<byte> material)
    {
        ref byte start = ref MemoryMarshal.GetReference(material);
        int rounds = AesNi.Expand(key, ref start);
        Vector128<ulong> h = ClmulGhash.Reverse(AesNi.Encrypt(Vector128<byte>.Zero, ref start, rounds)).AsUInt64();
        Vector128<ulong> multiplier = ClmulGhash.Multiplier(h);
        Vector128<ulong> h2 = ClmulGhash.Multiply(h, multiplier);
        Vector128<ulong> h3 = ClmulGhash.Multiply(h2, multiplier);
        Store(material, H, multiplier);
        Store(material, H2, ClmulGhash.Multiplier(h2));
        Store(material, H3, ClmulGhash.Multiplier(h3));
        Store(material, OptionLengths, ClmulGhash.Multiply(
            LengthsBlock(AcceleratedGcm.OptionAssociatedDataSize, AesNi.BlockSize), multiplier));
        return rounds;
    }

    /// <summary>The last block that GHASH takes: both lengths in bits.</summary>
    public static Vector128<ulong> LengthsBlock(int associatedDataSize, int textSize) =>
        Vector128.Create((ulong)textSize * 8, (ulong)associatedDataSize * 8);

    private static void Store(Span<byte> material, int offset, Vector128<ulong> value) =>
        value.AsByte().CopyTo(material[offset..]);
}
