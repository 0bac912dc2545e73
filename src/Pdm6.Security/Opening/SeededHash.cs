using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>
/// Hash codes of address pairs, in three multiplications. Random per process, so that nobody can choose addresses that
/// collide.
/// </summary>
internal static class SeededHash
{
    private static readonly ulong s_source0 = NewSeed(), s_source1 = NewSeed();
    private static readonly ulong s_destination0 = NewSeed(), s_destination1 = NewSeed();
    private static readonly ulong s_end0 = NewSeed(), s_end1 = NewSeed();

    public static int Of(Ipv6Address source, Ipv6Address destination, ulong rest)
    {
        ulong first = Fold((ulong)source.Value ^ s_source0, (ulong)(source.Value >> 64) ^ s_source1);
        ulong second = Fold((ulong)destination.Value ^ s_destination0, (ulong)(destination.Value >> 64) ^ s_destination1);
        return (int)Fold(first ^ rest ^ s_end0, second ^ s_end1);
    }

    private static ulong Fold(ulong left, ulong right) => Math.BigMul(left, right, out ulong low) ^ low;

    private static ulong NewSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
