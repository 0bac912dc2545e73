using Pdm6.Wire;

namespace Pdm6.Agent.Policy;

/// <summary>A packet that this host would send, as <see cref="FlowExplanation"/> is asked for it.</summary>
/// <param name="Source">Its source address.</param>
/// <param name="Destination">Its destination address; behind a Routing header, the final one.</param>
/// <param name="Protocol">Its upper-layer protocol.</param>
/// <param name="SourcePort">As in a flow.</param>
/// <param name="DestinationPort">As in a flow.</param>
/// <param name="Dscp">Its code point.</param>
/// <param name="Mark">Its mark.</param>
/// <param name="Interface">The interface by which it leaves; null: the agent's, where it has one only.</param>
/// <param name="Cgroup">The path of its socket's control group; null: one that no rule names.</param>
public sealed record FlowQuestion(
    string Source, string Destination, byte Protocol, ushort SourcePort, ushort DestinationPort, byte Dscp, uint Mark, string? Interface, string? Cgroup)
{
    /// <summary>Asks for a packet of a flow.</summary>
    public static FlowQuestion For(in FlowKey flow, byte dscp, uint mark, string? interfaceName, string? cgroup) => new(
        flow.Source.ToString(), flow.Destination.ToString(), flow.Protocol, flow.SourcePort, flow.DestinationPort, dscp, mark, interfaceName, cgroup);

    /// <summary>The flow; false if the addresses are none.</summary>
    internal bool TryGetFlow(out FlowKey flow)
    {
        bool areAddresses = Ipv6Address.TryParse(Source, out Ipv6Address source) & Ipv6Address.TryParse(Destination, out Ipv6Address destination);
        flow = new FlowKey(source, destination, Protocol, SourcePort, DestinationPort);
        return areAddresses;
    }
}
