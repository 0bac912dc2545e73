using Pdm6.Measurement;

namespace Pdm6.Capture.Analysis;

/// <summary>What one direction of a flow measured, by packets of one kind: authenticated ones, or clear ones.</summary>
internal sealed class FlowMeasures
{
    public DirectionCounts Counts;
    public LatencyHistogram? RoundTrip;
    public LatencyHistogram? ServerDelay;
    /// <summary>The turnarounds are those of a client that takes its time between an answer and its next question.</summary>
    public bool IsClient;
    public LatencyHistogram? Variation;
    private int _hops;
    private int _hopVotes;

    /// <summary>Routers passed by most packets; null without packets.</summary>
    public int? Hops => Counts.Distinct > 0 ? _hops : null;

    public void Add(in CountedPacket packet)
    {
        Counts.Add(packet);
        if (packet.IsDistinct)
            VoteForHops(packet.Hops);
    }

    public static void AddTo(ref LatencyHistogram? histogram, long nanoseconds) => (histogram ??= new()).Add(nanoseconds);

    /// <summary>The majority vote of Boyer and Moore: two numbers stand for all packets.</summary>
    private void VoteForHops(int hops)
    {
        if (_hopVotes == 0)
            _hops = hops;
        _hopVotes += hops == _hops ? 1 : -1;
    }
}
