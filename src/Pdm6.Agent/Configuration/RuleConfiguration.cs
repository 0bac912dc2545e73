using System.Globalization;
using System.Text.Json;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Configuration;

/// <summary>A rule with the name of its group.</summary>
/// <param name="Name">The group that its packets count for.</param>
/// <param name="Policy">Which packets, but for <see cref="Interfaces"/> and <see cref="Cgroups"/>.</param>
public sealed record RuleConfiguration(string Name, PolicyRule Policy)
{
    private const int MostSacrificedPorts = 256;

    private static readonly string[] s_settings =
    [
        "name", "destinations", "exceptDestinations", "sources", "exceptSources", "protocols", "ports", "dscp", "mark", "interfaces", "cgroups",
        "sampleOneIn", "sampleBy", "carriage", "sacrificial", "strip", "flowPacketsPerSecond", "packetsPerSecond",
    ];

    private static readonly Dictionary<string, byte> s_protocols = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tcp"] = NextHeader.Tcp, ["udp"] = NextHeader.Udp, ["icmpv6"] = NextHeader.Icmpv6, ["sctp"] = NextHeader.Sctp,
        ["dccp"] = NextHeader.Dccp, ["udplite"] = NextHeader.UdpLite,
    };

    /// <summary>Names of interfaces by which packets leave; empty: any.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>Paths of control groups, below the place where cgroup v2 is mounted; empty: any, and none.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>The rule with interfaces and control groups as a host knows them.</summary>
    internal PolicyRule ToPolicy(Func<string, int> interfaceIndex, Func<string, ControlGroup> controlGroup) => Policy with
    {
        Interfaces = [.. Interfaces.Select(interfaceIndex)],
        Cgroups = [.. Cgroups.Select(controlGroup)],
    };

    internal static RuleConfiguration Read(JsonElement element, int position)
    {
        string place = $"rule {position + 1}";
        ConfigurationObject rule = new(element, place, s_settings);
        string name = rule.RequiredText("name", "\"dns\"");
        AgentConfiguration.RequireName(name, rule.Name("name"));
        IReadOnlyList<Ipv6Prefix> destinations = ReadPrefixes(rule, "destinations") ?? [PolicyRule.Everywhere];
        IReadOnlyList<byte> protocols = rule.OptionalList("protocols", item => ReadProtocol(rule, item)) ?? [];
        IReadOnlyList<PortRange> ports = rule.OptionalList("ports", item => ReadPorts(rule, "ports", item)) ?? [];
        foreach (byte protocol in protocols)
            if (ports.Count > 0 && !NextHeader.HasPorts(protocol))
                throw new AgentException($"{rule.Name("ports")}: protocol {protocol} has no ports; leave them out, or make two rules");
        PacketCarriage carriage = ReadCarriage(rule);
        if (carriage == PacketCarriage.UdpFrame)
            RequireSacrifice(rule, protocols, ports);
        return new RuleConfiguration(name, new PolicyRule(destinations, protocols, ports, (uint)rule.Number("sampleOneIn", 1, 1, int.MaxValue))
        {
            ExceptDestinations = ReadPrefixes(rule, "exceptDestinations") ?? [],
            Sources = ReadPrefixes(rule, "sources") ?? [PolicyRule.Everywhere],
            ExceptSources = ReadPrefixes(rule, "exceptSources") ?? [],
            Dscps = rule.OptionalList("dscp", item => ReadDscp(rule, item)) ?? [],
            Mark = ReadMark(rule),
            Carriage = carriage,
            SamplesPackets = ReadSampleBy(rule),
            Strip = rule.Has("strip") ? rule.Flag("strip", false) : null,
            FlowPacketsPerSecond = (uint)rule.Number("flowPacketsPerSecond", 0, 1, 1_000_000_000),
            PacketsPerSecond = (uint)rule.Number("packetsPerSecond", 0, 1, 1_000_000_000),
        })
        {
            Interfaces = rule.OptionalList("interfaces", item => rule.Parsed<string>(
                "interfaces", item, AgentConfiguration.TryInterfaceName, "the name of an interface; write it like \"eth0\"")) ?? [],
            Cgroups = rule.OptionalList("cgroups", item => rule.Parsed<string>(
                "cgroups", item, TryCgroup, "the path of a control group; write it like \"/system.slice/nginx.service\"")) ?? [],
        };
    }

    /// <summary>udp-frame destroys what it replaces, so its rule must say exactly what that is.</summary>
    private static void RequireSacrifice(ConfigurationObject rule, IReadOnlyList<byte> protocols, IReadOnlyList<PortRange> ports)
    {
        if (protocols is not [NextHeader.Udp])
            throw new AgentException($"{rule.Name("protocols")}: udp-frame replaces the payload of UDP datagrams; write [\"udp\"]");
        if (ports.Count == 0)
            throw new AgentException($"{rule.Name("ports")} is missing; udp-frame destroys what it replaces, so say to or from which ports");
        if (ports.Sum(range => range.Last - range.First + 1) is > MostSacrificedPorts and var named)
            throw new AgentException(
                $"{rule.Name("ports")}: {named} ports are too many for udp-frame, which destroys what it replaces; name at most {MostSacrificedPorts}");
    }

    private static IReadOnlyList<Ipv6Prefix>? ReadPrefixes(ConfigurationObject rule, string setting) =>
        rule.OptionalList(setting, item => rule.Parsed<Ipv6Prefix>(
            setting, item, Ipv6Prefix.TryParse, "an IPv6 prefix; write it like \"2001:db8::/32\", with zeros behind the length"));

    private static byte ReadDscp(ConfigurationObject rule, JsonElement item) => Dscp.TryRead(item, out byte dscp)
        ? dscp
        : throw new AgentException($"{rule.Name("dscp")}: {item.GetRawText()} is not a code point; write a number from 0 to 63, or a name like \"ef\", \"cs1\" or \"af41\"");

    private static PacketMark ReadMark(ConfigurationObject rule)
    {
        if (rule.OptionalText("mark") is not { } text)
            return default;
        return MarkText.TryParse(text, out PacketMark mark)
            ? mark
            : throw new AgentException($"{rule.Name("mark")}: {text} is not a mark; write it like \"0x10\" or \"0x10/0xff\", without bits outside the mask");
    }

    private static bool ReadSampleBy(ConfigurationObject rule) => rule.OptionalText("sampleBy") switch
    {
        null or "flow" => false,
        "packet" => true,
        { } other => throw new AgentException($"{rule.Name("sampleBy")}: {other} is neither \"flow\" nor \"packet\"; write one of them"),
    };

    private static bool TryCgroup(ReadOnlySpan<char> text, out string path)
    {
        path = text.ToString();
        return path.StartsWith('/') && path.Length < 4096 && !path.Split('/').Contains("..") && !path.Any(char.IsControl);
    }

    private static PacketCarriage ReadCarriage(ConfigurationObject rule)
    {
        string name = rule.OptionalText("carriage") ?? PacketCarriage.DestoptV2.ToName();
        if (!PacketCarriageNames.TryParse(name, out PacketCarriage carriage))
            throw new AgentException(
                $"{rule.Name("carriage")}: {name} is none; did you mean \"{NearestName.Of(name, PacketCarriageNames.ForRules)}\"?");
        bool isSacrificial = rule.Flag("sacrificial", false);
        if (carriage == PacketCarriage.UdpFrame && !isSacrificial)
            throw new AgentException(
                $"{rule.Name("carriage")}: udp-frame replaces the application's data; if these packets carry nothing that anybody "
                + "needs, add \"sacrificial\": true");
        if (carriage != PacketCarriage.UdpFrame && isSacrificial)
            throw new AgentException($"{rule.Name("sacrificial")} goes with \"carriage\": \"udp-frame\" only; take it out");
        return carriage;
    }

    /// <summary>Reads the name or number of a protocol.</summary>
    public static bool TryParseProtocol(string text, out byte protocol) =>
        s_protocols.TryGetValue(text, out protocol) || byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out protocol);

    /// <summary>Reads the name or number of a code point.</summary>
    public static bool TryParseDscp(string text, out byte dscp) => Dscp.TryParse(text, out dscp);

    /// <summary>Reads a mark without a mask.</summary>
    public static bool TryParseMark(string text, out uint mark) => MarkText.TryParseNumber(text, out mark);

    private static byte ReadProtocol(ConfigurationObject rule, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Number && item.TryGetByte(out byte number))
            return number;
        if (item.ValueKind == JsonValueKind.String && s_protocols.TryGetValue(item.GetString()!, out byte known))
            return known;
        throw new AgentException(
            $"{rule.Name("protocols")}: {item.GetRawText()} is not a protocol; write {string.Join(", ", s_protocols.Keys)} or a number from 0 to 255");
    }

    /// <summary>Reads a port or a range of ports of a setting.</summary>
    internal static PortRange ReadPorts(ConfigurationObject settings, string setting, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Number && item.TryGetUInt16(out ushort port))
            return new PortRange(port, port);
        string[] ends = item.ValueKind == JsonValueKind.String ? item.GetString()!.Split('-') : [];
        if (ends.Length == 2 && TryPort(ends[0], out ushort first) && TryPort(ends[1], out ushort last) && first <= last)
            return new PortRange(first, last);
        throw new AgentException(
            $"{settings.Name(setting)}: {item.GetRawText()} is not a port; write a number from 0 to 65535, or a range like \"8000-8010\"");
    }

    private static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
