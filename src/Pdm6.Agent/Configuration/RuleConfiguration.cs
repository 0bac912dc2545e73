using System.Globalization;
using System.Text.Json;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Configuration;

/// <summary>A rule with the name of its group.</summary>
/// <param name="Name">The group that its packets count for.</param>
/// <param name="Policy">Which packets.</param>
public sealed record RuleConfiguration(string Name, PolicyRule Policy)
{
    private static readonly string[] s_settings = ["name", "destinations", "protocols", "ports", "sampleOneIn", "carriage", "sacrificial"];

    private static readonly Dictionary<string, byte> s_protocols = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tcp"] = NextHeader.Tcp, ["udp"] = NextHeader.Udp, ["icmpv6"] = NextHeader.Icmpv6, ["sctp"] = NextHeader.Sctp,
        ["dccp"] = NextHeader.Dccp, ["udplite"] = NextHeader.UdpLite,
    };

    internal static RuleConfiguration Read(JsonElement element, int position)
    {
        string place = $"rule {position + 1}";
        ConfigurationObject rule = new(element, place, s_settings);
        string name = rule.RequiredText("name", "\"dns\"");
        AgentConfiguration.RequireName(name, rule.Name("name"));
        IReadOnlyList<Ipv6Prefix> destinations = rule.OptionalList("destinations", item => rule.Parsed<Ipv6Prefix>(
            "destinations", item, Ipv6Prefix.TryParse, "an IPv6 prefix; write it like \"2001:db8::/32\", with zeros behind the length"))
            ?? [new Ipv6Prefix(default, 0)];
        IReadOnlyList<byte> protocols = rule.OptionalList("protocols", item => ReadProtocol(rule, item)) ?? [];
        IReadOnlyList<PortRange> ports = rule.OptionalList("ports", item => ReadPorts(rule, item)) ?? [];
        foreach (byte protocol in protocols)
            if (ports.Count > 0 && !NextHeader.HasPorts(protocol))
                throw new AgentException($"{rule.Name("ports")}: protocol {protocol} has no ports; leave them out, or make two rules");
        PacketCarriage carriage = ReadCarriage(rule);
        if (carriage == PacketCarriage.UdpFrame && ports.Count == 0)
            throw new AgentException($"{rule.Name("ports")} is missing; udp-frame destroys what it replaces, so say to which ports");
        return new RuleConfiguration(name, new PolicyRule(destinations, protocols, ports, (uint)rule.Number("sampleOneIn", 1, 1, int.MaxValue))
        {
            Carriage = carriage,
        });
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
        if (!PacketCarriageNames.Made.Contains(carriage))
            throw new AgentException(
                $"{rule.Name("carriage")}: this version of the kernel programs cannot make {name} yet; write "
                + $"{string.Join(" or ", PacketCarriageNames.Made.Select(made => $"\"{made.ToName()}\""))}");
        return carriage;
    }

    private static byte ReadProtocol(ConfigurationObject rule, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Number && item.TryGetByte(out byte number))
            return number;
        if (item.ValueKind == JsonValueKind.String && s_protocols.TryGetValue(item.GetString()!, out byte known))
            return known;
        throw new AgentException(
            $"{rule.Name("protocols")}: {item.GetRawText()} is not a protocol; write {string.Join(", ", s_protocols.Keys)} or a number from 0 to 255");
    }

    private static PortRange ReadPorts(ConfigurationObject rule, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Number && item.TryGetUInt16(out ushort port))
            return new PortRange(port, port);
        string[] ends = item.ValueKind == JsonValueKind.String ? item.GetString()!.Split('-') : [];
        if (ends.Length == 2 && TryPort(ends[0], out ushort first) && TryPort(ends[1], out ushort last) && first <= last)
            return new PortRange(first, last);
        throw new AgentException(
            $"{rule.Name("ports")}: {item.GetRawText()} is not a port; write a number from 0 to 65535, or a range like \"8000-8010\"");
    }

    private static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
