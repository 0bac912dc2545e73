using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Which packets are looked at. What is null asks for nothing.</summary>
/// <param name="FromNs">Not before this Unix time, nanoseconds.</param>
/// <param name="ToNs">Before this Unix time, nanoseconds.</param>
/// <param name="Network">One end of the flow is in this network.</param>
/// <param name="Port">One end of the flow has this port.</param>
/// <param name="Protocol">The upper-layer protocol.</param>
public sealed record FlowFilter(
    ulong? FromNs = null, ulong? ToNs = null, Ipv6Prefix? Network = null, ushort? Port = null, byte? Protocol = null)
{
    /// <summary>Looks at everything.</summary>
    public static FlowFilter Everything { get; } = new();

    /// <summary>True if a packet of this time is looked at.</summary>
    public bool TakesTime(ulong timestampNs) => !(timestampNs < FromNs) && !(timestampNs >= ToNs);

    /// <summary>True if packets of this flow are looked at.</summary>
    public bool TakesFlow(in FlowKey flow) =>
        (Protocol is null || flow.Protocol == Protocol)
        && (Network is not { } network || network.Contains(flow.Source) || network.Contains(flow.Destination))
        && (Port is not { } port || (NextHeader.HasPorts(flow.Protocol) && (flow.SourcePort == port || flow.DestinationPort == port)));
}
