using Pdm6.Wire;

namespace Pdm6.Security.Identity;

/// <summary>Addresses from the first to the last, both included.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    private const int AddressBits = 128;

    /// <summary>All addresses of the prefixes as the fewest ranges, ascending, with gaps between them.</summary>
    public static List<AddressRange> Union(IEnumerable<Ipv6Prefix> prefixes)
    {
        List<AddressRange> union = [];
        foreach (Ipv6Prefix prefix in prefixes.OrderBy(prefix => prefix.Address).ThenBy(prefix => prefix.Length))
        {
            AddressRange range = Of(prefix);
            if (union.Count > 0 && union[^1] is var (first, last) && (range.First <= last || range.First == last + 1))
                union[^1] = new AddressRange(first, UInt128.Max(last, range.Last));
            else
                union.Add(range);
        }
        return union;
    }

    /// <summary>True if these are the addresses of one prefix.</summary>
    public bool TryAsPrefix(out Ipv6Prefix prefix)
    {
        prefix = LongestFrom(First, Last);
        return Of(prefix) == this;
    }

    /// <summary>The fewest prefixes with these addresses, ascending: at most 254.</summary>
    public IEnumerable<Ipv6Prefix> Prefixes()
    {
        UInt128 next = First;
        while (true)
        {
            Ipv6Prefix prefix = LongestFrom(next, Last);
            yield return prefix;
            UInt128 end = Of(prefix).Last;
            if (end == Last)
                yield break;
            next = end + 1;
        }
    }

    private static AddressRange Of(Ipv6Prefix prefix)
    {
        UInt128 rest = prefix.Length == 0 ? UInt128.MaxValue : (UInt128.One << (AddressBits - prefix.Length)) - 1;
        return new AddressRange(prefix.Address.Value, prefix.Address.Value | rest);
    }

    /// <summary>The largest prefix that begins at an address and does not reach beyond the last.</summary>
    private static Ipv6Prefix LongestFrom(UInt128 first, UInt128 last)
    {
        int alignment = (int)UInt128.TrailingZeroCount(first);
        UInt128 more = last - first;
        // floor(log2(more + 1)), where more + 1 may be 2^128.
        int fits = more == UInt128.MaxValue ? AddressBits : (int)UInt128.Log2(more + 1);
        return new Ipv6Prefix(new Ipv6Address(first), AddressBits - Math.Min(alignment, fits));
    }
}
