using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Instructions = System.Runtime.Intrinsics.X86.Aes;

namespace Pdm6.Security.Native;

/// <summary>
/// AES (FIPS 197) with the processor's instructions: no table, no branch on a secret. Round keys are laid out one after
/// the other as octets.
/// </summary>
internal static class AesNi
{
    /// <summary>Octets of a block and of a round key.</summary>
    public const int BlockSize = 16;
    /// <summary>Octets of the round keys of the longest key.</summary>
    public const int LongestScheduleSize = 15 * BlockSize;

    public static bool IsSupported => Instructions.IsSupported;

    // AESENCLAST of a register whose four columns are equal is SubWord of each, because ShiftRows then moves nothing.
    // It has a third of the latency of AESKEYGENASSIST on most processors.
    private static Vector128<byte> RotatedLastWord =>
        Vector128.Create((byte)13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12);
    private static Vector128<byte> LastWord =>
        Vector128.Create((byte)12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);

    /// <summary>Writes the round keys of a key of 16 or 32 octets; returns the number of rounds.</summary>
    public static int Expand(ReadOnlySpan<byte> key, ref byte schedule) =>
        key.Length == 16 ? Expand128(key, ref schedule) : Expand256(key, ref schedule);

    /// <summary>One block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Encrypt(Vector128<byte> block, ref byte schedule, int rounds)
    {
        block ^= Vector128.LoadUnsafe(ref schedule);
        for (int round = 1; round < rounds; round++)
            block = Instructions.Encrypt(block, RoundKey(ref schedule, round));
        return Instructions.EncryptLast(block, RoundKey(ref schedule, rounds));
    }

    /// <summary>Two independent blocks under one key, so that one's latency hides the other's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Encrypt(ref Vector128<byte> first, ref Vector128<byte> second, ref byte schedule, int rounds)
    {
        Vector128<byte> a = first ^ Vector128.LoadUnsafe(ref schedule);
        Vector128<byte> b = second ^ Vector128.LoadUnsafe(ref schedule);
        for (int round = 1; round < rounds; round++)
        {
            Vector128<byte> key = RoundKey(ref schedule, round);
            a = Instructions.Encrypt(a, key);
            b = Instructions.Encrypt(b, key);
        }
        Vector128<byte> last = RoundKey(ref schedule, rounds);
        first = Instructions.EncryptLast(a, last);
        second = Instructions.EncryptLast(b, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RoundKey(ref byte schedule, int round) =>
        Vector128.LoadUnsafe(ref schedule, (nuint)(round * BlockSize));

    private static int Expand128(ReadOnlySpan<byte> key, ref byte schedule)
    {
        const int rounds = 10;
        Vector128<byte> current = Vector128.Create(key);
        current.StoreUnsafe(ref schedule);
        uint constant = 1;
        for (int round = 1; round <= rounds; round++)
        {
            current = Next(current, current, RotatedLastWord, constant);
            current.StoreUnsafe(ref schedule, (nuint)(round * BlockSize));
            constant = NextConstant(constant);
        }
        return rounds;
    }

    private static int Expand256(ReadOnlySpan<byte> key, ref byte schedule)
    {
        const int rounds = 14;
        Vector128<byte> even = Vector128.Create(key[..BlockSize]);
        Vector128<byte> odd = Vector128.Create(key[BlockSize..]);
        even.StoreUnsafe(ref schedule);
        odd.StoreUnsafe(ref schedule, BlockSize);
        uint constant = 1;
        for (int round = 2; ; round += 2)
        {
            even = Next(even, odd, RotatedLastWord, constant);
            even.StoreUnsafe(ref schedule, (nuint)(round * BlockSize));
            if (round == rounds)
                return rounds;
            odd = Next(odd, even, LastWord, 0);
            odd.StoreUnsafe(ref schedule, (nuint)((round + 1) * BlockSize));
            constant <<= 1; // seven constants: 1 to 64
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Next(
        Vector128<byte> previous, Vector128<byte> latest, Vector128<byte> word, uint constant)
    {
        Vector128<byte> substituted = Instructions.EncryptLast(
            Vector128.Shuffle(latest, word), Vector128.Create(constant).AsByte());
        previous ^= Instructions.ShiftLeftLogical128BitLane(previous, 4);
        previous ^= Instructions.ShiftLeftLogical128BitLane(previous, 8);
        return previous ^ substituted;
    }

    private static uint NextConstant(uint constant) => (constant << 1) ^ ((constant >> 7) * 0x11b);
}
