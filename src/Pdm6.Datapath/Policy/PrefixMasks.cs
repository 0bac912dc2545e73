using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// Masks of rules by prefix, made for a longest-prefix match: each says which rules allow the addresses for which it
/// is the longest one.
/// </summary>
internal sealed class PrefixMasks
{
    private readonly Dictionary<Ipv6Prefix, uint> _allowed = [];
    private readonly Dictionary<Ipv6Prefix, uint> _excepted = [];

    internal void Add(IReadOnlyList<Ipv6Prefix> prefixes, IReadOnlyList<Ipv6Prefix> exceptions, uint rule)
    {
        foreach (Ipv6Prefix prefix in prefixes)
            _allowed[prefix] = _allowed.GetValueOrDefault(prefix) | rule;
        foreach (Ipv6Prefix exception in exceptions)
            _excepted[exception] = _excepted.GetValueOrDefault(exception) | rule;
    }

    /// <summary>The kernel finds the longest prefix only, so each mask takes all shorter ones that contain it into
    /// account.</summary>
    internal Dictionary<Ipv6Prefix, uint> Close() => _allowed.Keys.Concat(_excepted.Keys).Distinct().ToDictionary(
        prefix => prefix, prefix => UnionAround(_allowed, prefix) & ~UnionAround(_excepted, prefix));

    private static uint UnionAround(Dictionary<Ipv6Prefix, uint> masks, Ipv6Prefix prefix)
    {
        uint union = 0;
        for (int length = 0; length <= prefix.Length; length++)
            union |= masks.GetValueOrDefault(new Ipv6Prefix(prefix.Address, length));
        return union;
    }
}
