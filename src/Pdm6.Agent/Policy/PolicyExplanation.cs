using Pdm6.Agent.Configuration;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Policy;

/// <summary>Why a packet is measured, or not, as far as rules decide it.</summary>
/// <param name="Steps">The rules up to the one that decides.</param>
/// <param name="Rule">The name of that rule; null: none fits.</param>
/// <param name="Carriage">What carries the measurement; null: nothing does.</param>
/// <param name="Outcome">The end, in a sentence.</param>
public sealed record PolicyExplanation(IReadOnlyList<PolicyStep> Steps, string? Rule, string? Carriage, string Outcome)
{
    /// <summary>Which packets of the flow are measured, where not all are.</summary>
    internal string Limits { get; private init; } = "";

    /// <summary>Tries the rules of a configuration on a packet that this host would send.</summary>
    /// <param name="configuration">The rules.</param>
    /// <param name="flow">The packet's flow.</param>
    /// <param name="dscp">Its code point.</param>
    /// <param name="mark">Its mark.</param>
    /// <param name="interfaceName">The interface by which it leaves; null: one that no rule names.</param>
    /// <param name="cgroup">The path of its socket's control group; null: one that no rule names.</param>
    public static PolicyExplanation Of(
        AgentConfiguration configuration, FlowKey flow, byte dscp = 0, uint mark = 0, string? interfaceName = null, string? cgroup = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (flow.Destination.IsMulticast)
            return LeftAlone("packets to multicast addresses are left alone whatever the rules say");
        if (flow.Source == flow.Destination)
            return LeftAlone("packets of an address to itself are left alone whatever the rules say");
        if (NextHeader.IsExtensionHeader(flow.Protocol))
            return LeftAlone("this is an extension header, not a protocol of the upper layer; say which protocol lies behind it");
        NamedOrigins origins = new();
        IReadOnlyList<PolicyRule> rules = origins.RulesOf(configuration);
        PolicyPacket packet = new(
            flow, dscp, mark, interfaceName is null ? 0 : origins.InterfaceIndex(interfaceName), cgroup is null ? [] : origins.CgroupsAround(cgroup));
        List<PolicyStep> steps = [];
        for (int i = 0; i < rules.Count; i++)
        {
            string name = configuration.Rules[i].Name;
            if (PolicyMatch.FirstMismatch(rules[i], packet) is { } aspect)
            {
                steps.Add(new PolicyStep(i + 1, name, false, Mismatch(aspect, packet, interfaceName, cgroup)));
                continue;
            }
            string limits = LimitsOf(rules[i], configuration.PacketsPerSecond);
            (string? carriage, string outcome) = Decide(rules[i], packet, limits);
            steps.Add(new PolicyStep(i + 1, name, true, outcome));
            return new PolicyExplanation(steps, name, carriage, outcome) { Limits = limits };
        }
        return new PolicyExplanation(steps, null, null, "no rule fits: left alone, and not counted");

        static PolicyExplanation LeftAlone(string why) => new([], null, null, why);
    }

    private static string Mismatch(PolicyAspect aspect, PolicyPacket packet, string? interfaceName, string? cgroup) => aspect switch
    {
        PolicyAspect.Protocol => $"protocols do not have {packet.Flow.Protocol}",
        PolicyAspect.Ports when NextHeader.HasPorts(packet.Flow.Protocol) =>
            $"ports have neither {packet.Flow.SourcePort} nor {packet.Flow.DestinationPort}",
        PolicyAspect.Ports => $"asks for ports, and protocol {packet.Flow.Protocol} has none",
        PolicyAspect.Dscp => $"dscp does not have {packet.Dscp}",
        PolicyAspect.Mark => $"mark does not fit 0x{packet.Mark:x}",
        PolicyAspect.Interface => interfaceName is null ? "asks for the interface; say which with --interface" : $"interfaces do not have {interfaceName}",
        PolicyAspect.Cgroup => cgroup is null ? "asks for the control group; say which with --cgroup" : $"cgroups have nothing around {cgroup}",
        PolicyAspect.Destination => $"destinations, without their exceptions, do not have {packet.Flow.Destination}",
        PolicyAspect.Source => $"sources, without their exceptions, do not have {packet.Flow.Source}",
        _ => throw new ArgumentOutOfRangeException(nameof(aspect)),
    };

    private static (string? Carriage, string Outcome) Decide(PolicyRule rule, PolicyPacket packet, string limits)
    {
        if (!PolicyMatch.SamplesFlow(rule, packet.Flow))
            return (null, $"left alone: the flow is not the one in {rule.SampleOneIn} that is sampled (not-sampled)");
        string carriage = rule.Carriage.ToName();
        if (rule.Carriage >= PacketCarriage.UdpOption && packet.Flow.Protocol != NextHeader.Udp)
            return (null, $"left alone: {carriage} carries UDP only (no-form)");
        return (carriage, $"measured with {carriage}{limits}, if the pair has a key and the packet has room");
    }

    private static string LimitsOf(PolicyRule rule, int packetsPerSecond)
    {
        string sampled = rule.SamplesPackets && rule.SampleOneIn > 1 ? $", one packet in {rule.SampleOneIn}" : "";
        uint[] caps = [.. new[] { rule.FlowPacketsPerSecond, rule.PacketsPerSecond, (uint)packetsPerSecond }.Where(cap => cap != 0)];
        return sampled + (caps.Length == 0 ? "" : $", up to {caps.Min()} packets a second");
    }
}
