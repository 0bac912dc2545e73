using System.Globalization;
using Pdm6.Wire;

namespace Pdm6.Capture.Reports;

/// <summary>Flows for people.</summary>
internal static class ProtocolText
{
    private const byte EchoRequest = 128;
    private const byte EchoReply = 129;

    /// <summary>The name of an upper-layer protocol, or its number.</summary>
    public static string NameOf(byte protocol) => protocol switch
    {
        NextHeader.Tcp => "tcp",
        NextHeader.Udp => "udp",
        NextHeader.Dccp => "dccp",
        NextHeader.Icmpv6 => "icmpv6",
        NextHeader.Sctp => "sctp",
        NextHeader.UdpLite => "udplite",
        _ => protocol.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>One end of a flow: address, and port where there is one.</summary>
    public static string End(Ipv6Address address, ushort? port) => port is null ? $"{address}" : $"[{address}]:{port}";

    /// <summary>Protocol of a flow; of ICMPv6 what kind of message.</summary>
    public static string KindOf(in FlowKey flow) => flow switch
    {
        { IsEcho: true, IcmpType: EchoRequest } => "echo",
        { IsEcho: true, IcmpType: EchoReply } => "echo reply",
        { Protocol: NextHeader.Icmpv6 } => $"icmpv6 {flow.IcmpType}",
        _ => NameOf(flow.Protocol),
    };

    /// <summary>The ports; null where the protocol has none.</summary>
    public static (ushort? Source, ushort? Destination) PortsOf(in FlowKey flow) =>
        NextHeader.HasPorts(flow.Protocol) ? (flow.SourcePort, flow.DestinationPort) : (null, null);
}
