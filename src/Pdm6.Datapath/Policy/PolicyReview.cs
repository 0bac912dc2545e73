using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>Finds rules that no packet can fall under. It does not claim to find all of them, but those that it finds
/// are so.</summary>
public static class PolicyReview
{
    /// <summary>True if all destinations, or all sources, are excepted.</summary>
    public static bool CanNeverMatch(PolicyRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return AreAllIn(rule.Destinations, rule.ExceptDestinations) || AreAllIn(rule.Sources, rule.ExceptSources);
    }

    /// <summary>The first rule before this one that takes all its packets; null if there is none.</summary>
    public static int? ShadowOf(IReadOnlyList<PolicyRule> rules, int index)
    {
        ArgumentNullException.ThrowIfNull(rules);
        for (int i = 0; i < index; i++)
            if (Covers(rules[i], rules[index]))
                return i;
        return null;
    }

    private static bool Covers(PolicyRule wide, PolicyRule narrow) =>
        HasAll(wide.Protocols, narrow.Protocols) && HasAll(wide.Dscps, narrow.Dscps) && HasAll(wide.Interfaces, narrow.Interfaces)
        && HasAll(wide.Cgroups, narrow.Cgroups) && HasAllPorts(wide.Ports, narrow.Ports)
        && (wide.Mark.Mask & ~narrow.Mark.Mask) == 0 && wide.Mark.Fits(narrow.Mark.Value)
        && HasAllAddresses(wide.Destinations, wide.ExceptDestinations, narrow.Destinations, narrow.ExceptDestinations)
        && HasAllAddresses(wide.Sources, wide.ExceptSources, narrow.Sources, narrow.ExceptSources);

    // An empty list asks nothing.
    private static bool HasAll<T>(IReadOnlyList<T> wide, IReadOnlyList<T> narrow) =>
        wide.Count == 0 || narrow.Count != 0 && narrow.All(wide.Contains);

    private static bool HasAllPorts(IReadOnlyList<PortRange> wide, IReadOnlyList<PortRange> narrow) => wide.Count == 0
        || narrow.Count != 0 && narrow.All(range => wide.Any(around => around.First <= range.First && range.Last <= around.Last));

    private static bool HasAllAddresses(
        IReadOnlyList<Ipv6Prefix> wide, IReadOnlyList<Ipv6Prefix> wideExceptions, IReadOnlyList<Ipv6Prefix> narrow, IReadOnlyList<Ipv6Prefix> narrowExceptions) =>
        AreAllIn(narrow, wide) && wideExceptions.All(exception => narrowExceptions.Any(other => other.Contains(exception))
            || narrow.All(prefix => !prefix.Contains(exception) && !exception.Contains(prefix)));

    private static bool AreAllIn(IReadOnlyList<Ipv6Prefix> prefixes, IReadOnlyList<Ipv6Prefix> around) =>
        prefixes.All(prefix => around.Any(other => other.Contains(prefix)));
}
