using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Collector.Pairing;

/// <summary>A flow and its reverse, as people think of them.</summary>
internal sealed class Conversation
{
    private const ushort EchoReply = 129 << 8;

    /// <param name="flow">Either direction.</param>
    public Conversation(in FlowKey flow) => FromClient = Guess(flow);

    /// <summary>The direction from client to server; before the first server delay, a guess.</summary>
    public FlowKey FromClient { get; private set; }

    public int Tag { get; private set; }
    public ulong LastSeenUnixNs { get; private set; }
    public int Hops { get; private set; }
    public DirectionCounts Counts => _counts;
    public TimeSummary RoundTrip => _roundTrip;
    public TimeSummary ServerDelay => _serverDelay;

    // Fields, because both are structs that change in place.
    private DirectionCounts _counts;
    private TimeSummary _roundTrip;
    private TimeSummary _serverDelay;

    public void Add(in CountedPacket packet)
    {
        _counts.Add(packet);
        Tag = packet.Tag;
        Hops = packet.Hops;
        LastSeenUnixNs = Math.Max(LastSeenUnixNs, packet.ObservedAtNs);
    }

    public void Add(in RoundTripSample sample) => _roundTrip.Add(sample.RoundTripNs);

    public void AddServerDelay(in TurnaroundSample sample)
    {
        if (sample.Flow.TryReverse(out FlowKey toServer))
            FromClient = toServer;
        _serverDelay.Add(sample.TurnaroundNs);
    }

    // Servers have the lower port, and the type of an echo request, which stands in its place, is the lower one.
    private static FlowKey Guess(in FlowKey flow)
    {
        bool isFromClient = flow.IsEcho ? flow.SourcePort < EchoReply : flow.SourcePort >= flow.DestinationPort;
        return !isFromClient && flow.TryReverse(out FlowKey toServer) ? toServer : flow;
    }
}
