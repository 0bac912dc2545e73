using Pdm6.Datapath.Abi;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// Tells most destinations that no rule has by their first bits, as many as every prefix has: <c>bpf/pdm6_policy.h</c>
/// looks there before it reads more of a packet. It may say yes wrongly, but never no.
/// </summary>
internal sealed class DestinationFilter
{
    private const int MostBits = 64, HashBits = 11;
    private const ulong Multiplier = 0x9e3779b97f4a7c15;

    private readonly uint[] _words = new uint[AbiLimits.FilterBits / 32];

    internal DestinationFilter(IReadOnlyDictionary<Ipv6Prefix, uint> rulesByPrefix)
    {
        Ipv6Prefix[] prefixes = [.. rulesByPrefix.Where(entry => entry.Value != 0).Select(entry => entry.Key)];
        int bits = prefixes.Select(prefix => prefix.Length).Append(MostBits).Min();
        if (bits == 0)
        {
            Array.Fill(_words, uint.MaxValue);
            return;
        }
        Shift = MostBits - bits;
        foreach (Ipv6Prefix prefix in prefixes)
        {
            uint place = PlaceOf(prefix.Address);
            _words[place / 32] |= 1u << (int)(place % 32);
        }
    }

    /// <summary>Of the first 64 bits of an address, so many at the end do not count.</summary>
    internal int Shift { get; }

    internal ReadOnlySpan<uint> Words => _words;

    internal bool MayHave(Ipv6Address destination)
    {
        uint place = PlaceOf(destination);
        return (_words[place / 32] >> (int)(place % 32) & 1) != 0;
    }

    private uint PlaceOf(Ipv6Address address) =>
        (uint)(((ulong)(address.Value >> 64) >> Shift) * Multiplier >> (64 - HashBits));
}
