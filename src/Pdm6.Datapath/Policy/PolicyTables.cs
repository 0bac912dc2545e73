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

    /// <summary>Prefixes of destinations, or of sources, that fit into the kernel's tables.</summary>
    public const int MaxPrefixes = 65536;

    /// <summary>Different depths at which the rules can name control groups.</summary>
    public const int MaxCgroupLevels = AbiLimits.CgroupLevels;

    /// <summary>Interfaces and control groups that fit together, in two policies: the old one and the new one.</summary>
    public const int MaxOrigins = 2048;

    private readonly uint[] _byDscp = new uint[64];
    private readonly uint[] _byProtocol = new uint[256];
    private readonly uint[] _byPort = new uint[Portless + 1];
    private readonly Dictionary<int, uint> _byInterface = [];
    private readonly Dictionary<ControlGroup, uint> _byCgroup = [];

    private PolicyTables(IReadOnlyList<PolicyRule> rules, uint packetsPerSecond)
    {
        PrefixMasks destinations = new(), sources = new();
        for (int i = 0; i < rules.Count; i++)
        {
            PolicyRule rule = rules[i];
            uint bit = 1u << i;
            destinations.Add(rule.Destinations, rule.ExceptDestinations, bit);
            sources.Add(rule.Sources, rule.ExceptSources, bit);
            SetProtocols(rule.Protocols, bit);
            SetPorts(rule.Ports, bit);
            SetDscps(rule.Dscps, bit);
            foreach (int index in rule.Interfaces)
                _byInterface[index] = _byInterface.GetValueOrDefault(index) | bit;
            foreach (ControlGroup group in rule.Cgroups)
                _byCgroup[group] = _byCgroup.GetValueOrDefault(group) | bit;
            AnyInterface |= rule.Interfaces.Count == 0 ? bit : 0;
            AnyCgroup |= rule.Cgroups.Count == 0 ? bit : 0;
        }
        (Rules, PacketsPerSecond) = (rules, packetsPerSecond);
        (ByDestination, BySource) = (destinations.Close(), sources.Close());
    }

    /// <summary>The rules, in order.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    /// <summary>Packets that get an option in a second, under all rules together; 0: no cap.</summary>
    public uint PacketsPerSecond { get; }

    /// <summary>Mask by destination prefix, of the longest one that contains the address.</summary>
    public IReadOnlyDictionary<Ipv6Prefix, uint> ByDestination { get; }

    /// <summary>Mask by source prefix, of the longest one that contains the address.</summary>
    public IReadOnlyDictionary<Ipv6Prefix, uint> BySource { get; }

    /// <summary>Mask by protocol number, 256 entries. Behind extension headers another protocol follows, so these allow
    /// every rule.</summary>
    public ReadOnlyMemory<uint> ByProtocol => _byProtocol;

    /// <summary>Mask by port, and <see cref="Portless"/>.</summary>
    public ReadOnlyMemory<uint> ByPort => _byPort;

    /// <summary>Mask by code point, 64 entries.</summary>
    public ReadOnlyMemory<uint> ByDscp => _byDscp;

    /// <summary>Mask by index of an interface that rules name.</summary>
    public IReadOnlyDictionary<int, uint> ByInterface => _byInterface;

    /// <summary>Rules that fit whatever the interface is.</summary>
    public uint AnyInterface { get; }

    /// <summary>Mask by control group that rules name.</summary>
    public IReadOnlyDictionary<ControlGroup, uint> ByCgroup => _byCgroup;

    /// <summary>Depths at which rules name control groups.</summary>
    public IReadOnlyList<int> CgroupLevels => [.. _byCgroup.Keys.Select(group => group.Level).Distinct().Order()];

    /// <summary>Rules that fit whatever the control group is.</summary>
    public uint AnyCgroup { get; }

    internal AbiDimensions Dimensions =>
        (Asks(rule => !IsEverywhere(rule.Destinations, rule.ExceptDestinations), AbiDimensions.ByDestination)
        | Asks(rule => !IsEverywhere(rule.Sources, rule.ExceptSources), AbiDimensions.BySource)
        | Asks(rule => rule.Dscps.Count != 0, AbiDimensions.ByDscp)
        | Asks(rule => rule.Interfaces.Count != 0, AbiDimensions.ByInterface)
        | Asks(rule => rule.Mark.Mask != 0, AbiDimensions.ByMark)
        | Asks(rule => rule.Cgroups.Count != 0, AbiDimensions.ByCgroup));

    /// <summary>Turns rules into tables.</summary>
    /// <param name="rules">In order: the first that fits decides.</param>
    /// <param name="packetsPerSecond">Packets that get an option in a second, under all rules together; 0: no cap.</param>
    /// <exception cref="ArgumentException">More than 32 rules, more prefixes or origins than fit, or a rule that cannot
    /// be.</exception>
    public static PolicyTables Compile(IReadOnlyList<PolicyRule> rules, uint packetsPerSecond = 0)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Count > MaxRules)
            throw new ArgumentException($"At most {MaxRules} rules are possible, not {rules.Count}.", nameof(rules));
        for (int i = 0; i < rules.Count; i++)
            RequireValid(rules[i], i);
        PolicyTables tables = new([.. rules], packetsPerSecond);
        if (Math.Max(tables.ByDestination.Count, tables.BySource.Count) > MaxPrefixes)
            throw new ArgumentException($"At most {MaxPrefixes} different prefixes are possible.", nameof(rules));
        if (tables.ByInterface.Count + tables.ByCgroup.Count > MaxOrigins)
            throw new ArgumentException($"At most {MaxOrigins} interfaces and control groups are possible.", nameof(rules));
        if (tables.CgroupLevels.Count > MaxCgroupLevels)
            throw new ArgumentException($"Control groups of at most {MaxCgroupLevels} different depths are possible.", nameof(rules));
        return tables;
    }

    private AbiDimensions Asks(Func<PolicyRule, bool> asks, AbiDimensions dimension) => Rules.Any(asks) ? dimension : 0;

    private static bool IsEverywhere(IReadOnlyList<Ipv6Prefix> prefixes, IReadOnlyList<Ipv6Prefix> exceptions) =>
        exceptions.Count == 0 && prefixes.Contains(PolicyRule.Everywhere);

    private static void RequireValid(PolicyRule rule, int index)
    {
        Require(rule.Destinations.Count != 0, "no destinations; ::/0 means all");
        Require(rule.Sources.Count != 0, "no sources; ::/0 means all");
        Require(rule.SampleOneIn != 0, "a sample of one in 0; 1 means every flow");
        Require(rule.Ports.All(range => range.First <= range.Last), "a port range that ends before it begins");
        Require(rule.Dscps.All(dscp => dscp < 64), "a code point above 63");
        Require((rule.Mark.Value & ~rule.Mark.Mask) == 0, "a mark with bits outside its mask");
        Require(rule.Cgroups.All(group => group.Level >= 0), "a control group above the root");
        Require(rule.Group is null or (>= 0 and < MaxRules), "a group that is not one of 0 to 31");
        Require(rule.Carriage < PacketCarriage.Nothing, "no carriage");
        Require(rule.Carriage != PacketCarriage.UdpFrame || rule.Ports.Count != 0, "udp-frames, which destroy what they replace, without ports");

        void Require(bool condition, string otherwise)
        {
            if (!condition)
                throw new ArgumentException($"Rule {index} has {otherwise}.", nameof(rule));
        }
    }

    private void SetProtocols(IReadOnlyList<byte> protocols, uint bit)
    {
        for (int protocol = 0; protocol < _byProtocol.Length; protocol++)
            if (protocols.Count == 0 || protocols.Contains((byte)protocol) || NextHeader.IsExtensionHeader((byte)protocol))
                _byProtocol[protocol] |= bit;
    }

    private void SetPorts(IReadOnlyList<PortRange> ports, uint bit)
    {
        if (ports.Count == 0)
            for (int i = 0; i < _byPort.Length; i++)
                _byPort[i] |= bit;
        foreach (PortRange range in ports)
            for (int port = range.First; port <= range.Last; port++)
                _byPort[port] |= bit;
    }

    private void SetDscps(IReadOnlyList<byte> dscps, uint bit)
    {
        for (int dscp = 0; dscp < _byDscp.Length; dscp++)
            if (dscps.Count == 0 || dscps.Contains((byte)dscp))
                _byDscp[dscp] |= bit;
    }
}
