using Pdm6.Collector.Pairing;
using Pdm6.Wire;

namespace Pdm6.Collector.Api;

/// <summary>One conversation: a flow and its reverse.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Protocol">Its upper-layer protocol: a name, or the number.</param>
/// <param name="Source">The client's address; before the first server delay, a guess by ports.</param>
/// <param name="SourcePort">The client's port; for ICMPv6 type and code.</param>
/// <param name="Destination">The server's address.</param>
/// <param name="DestinationPort">The server's port; for ICMPv6 echo the identifier.</param>
/// <param name="Packets">Distinct packets, both directions.</param>
/// <param name="Lost">Numbers missing between the first and the last seen of each series.</param>
/// <param name="Duplicated">Further copies of one packet.</param>
/// <param name="Reordered">First copies that came after a higher number.</param>
/// <param name="Ambiguous">Further segments of a super-packet.</param>
/// <param name="Hops">Routers that the last packet passed, inferred.</param>
/// <param name="LastSeenUnixNs">When the last packet was observed.</param>
/// <param name="RoundTripNs">Time on the network, there and back.</param>
/// <param name="ServerDelayNs">Time at the server.</param>
public sealed record FlowView(
    string Group, string Protocol, string Source, int SourcePort, string Destination, int DestinationPort, long Packets,
    long Lost, long Duplicated, long Reordered, long Ambiguous, int Hops, ulong LastSeenUnixNs, TimesView RoundTripNs,
    TimesView ServerDelayNs)
{
    internal static FlowView Of(Conversation conversation, string group) => new(
        group,
        NameOf(conversation.FromClient.Protocol),
        conversation.FromClient.Source.ToString(),
        conversation.FromClient.SourcePort,
        conversation.FromClient.Destination.ToString(),
        conversation.FromClient.DestinationPort,
        conversation.Counts.Distinct,
        conversation.Counts.LostWithinSeries,
        conversation.Counts.Duplicated,
        conversation.Counts.Reordered,
        conversation.Counts.Ambiguous,
        conversation.Hops,
        conversation.LastSeenUnixNs,
        TimesView.Of(conversation.RoundTrip),
        TimesView.Of(conversation.ServerDelay));

    private static string NameOf(byte protocol) => protocol switch
    {
        NextHeader.Tcp => "tcp",
        NextHeader.Udp => "udp",
        NextHeader.UdpLite => "udplite",
        NextHeader.Sctp => "sctp",
        NextHeader.Dccp => "dccp",
        NextHeader.Icmpv6 => "icmpv6",
        _ => protocol.ToString(),
    };
}
