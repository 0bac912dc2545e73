using Pdm6.Datapath.Abi;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// Rules turned into the tables that the kernel program combines: each dimension of a packet yields a mask of the
/// rules that allow it, and the lowest bit set in all masks is the rule. Pure.
/// </summary>
public sealed class PolicyTables
{
    /// <summary>Rules that fit into a mask.</summary>
    public const int MaxRules = AbiLimits.MaxRules;

    /// <summary>Index in <see cref="ByPort"/> for protocols without ports.</summary>
    public const int Portless = AbiLimits.Portless;

    private PolicyTables(Dictionary<Ipv6Prefix, uint> byDestination, uint[] byProtocol, uint[] byPort, PolicyRule[] rules) =>
        (ByDestination, ByProtocol, ByPort, Rules) = (byDestination, byProtocol, byPort, rules);

    /// <summary>
    /// Mask by destination prefix. The kernel finds the longest prefix only, so each mask includes those of all
    /// shorter prefixes that contain it.
    /// </summary>
    public IReadOnlyDictionary<Ipv6Prefix, uint> ByDestination { get; }

    /// <summary>Mask by protocol number, 256 entries.</summary>
    public ReadOnlyMemory<uint> ByProtocol { get; }

    /// <summary>Mask by port, and <see cref="Portless"/>.</summary>
    public ReadOnlyMemory<uint> ByPort { get; }

    /// <summary>The rules, in order.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    /// <summary>Turns rules into tables.</summary>
    /// <exception cref="ArgumentException">More than 32 rules, a rule without destinations, a port range that ends
    /// before it begins, or sampling of one in 0.</exception>
    public static PolicyTables Compile(IReadOnlyList<PolicyRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Count > MaxRules)
            throw new ArgumentException($"At most {MaxRules} rules are possible, not {rules.Count}.", nameof(rules));
        Dictionary<Ipv6Prefix, uint> own = [];
        uint[] byProtocol = new uint[256];
        uint[] byPort = new uint[Portless + 1];
        for (int i = 0; i < rules.Count; i++)
        {
            PolicyRule rule = rules[i];
            uint bit = 1u << i;
            RequireValid(rule, i);
            foreach (Ipv6Prefix prefix in rule.Destinations)
                own[prefix] = own.GetValueOrDefault(prefix) | bit;
            SetProtocols(byProtocol, rule.Protocols, bit);
            SetPorts(byPort, rule.Ports, bit);
        }
        return new PolicyTables(Close(own), byProtocol, byPort, [.. rules]);
    }

    private static void RequireValid(PolicyRule rule, int index)
    {
        if (rule.Destinations.Count == 0)
            throw new ArgumentException($"Rule {index} has no destinations; ::/0 means all.");
        if (rule.SampleOneIn == 0)
            throw new ArgumentException($"Rule {index} samples one flow in 0; 1 means every flow.");
        foreach (PortRange range in rule.Ports)
            if (range.Last < range.First)
                throw new ArgumentException($"Rule {index}: the port range {range.First}-{range.Last} ends before it begins.");
    }

    private static void SetProtocols(uint[] byProtocol, IReadOnlyList<byte> protocols, uint bit)
    {
        if (protocols.Count == 0)
            for (int i = 0; i < byProtocol.Length; i++)
                byProtocol[i] |= bit;
        foreach (byte protocol in protocols)
            byProtocol[protocol] |= bit;
    }

    private static void SetPorts(uint[] byPort, IReadOnlyList<PortRange> ports, uint bit)
    {
        if (ports.Count == 0)
            for (int i = 0; i < byPort.Length; i++)
                byPort[i] |= bit;
        foreach (PortRange range in ports)
            for (int port = range.First; port <= range.Last; port++)
                byPort[port] |= bit;
    }

    private static Dictionary<Ipv6Prefix, uint> Close(Dictionary<Ipv6Prefix, uint> own)
    {
        Dictionary<Ipv6Prefix, uint> closed = [];
        foreach ((Ipv6Prefix prefix, uint mask) in own)
        {
            uint union = mask;
            for (int length = 0; length < prefix.Length; length++)
                union |= own.GetValueOrDefault(new Ipv6Prefix(prefix.Address, length));
            closed[prefix] = union;
        }
        return closed;
    }
}
