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
    /// <summary>Where the meter of this kind keeps the flow.</summary>
    public FlowPlace Place;
    private int _hops;
    private int _hopVotes;

    /// <summary>Routers passed by most packets; null without packets.</summary>
    public int? Hops => Counts.Distinct > 0 ? _hops : null;

    public void Add(byte hopLimit, PacketClass found, bool beganSeries, int lostChange)
    {
        Counts.Add(found, beganSeries, lostChange);
        if (found is PacketClass.First or PacketClass.Reordered)
            VoteForHops(HopCount.Infer(hopLimit));
    }

    /// <summary>See <see cref="FlowPlace.Fetch"/>.</summary>
    public ulong Fetch() => (ulong)Counts.Packets + (ulong)Counts.LostWithinSeries + (ulong)_hops;

    /// <summary>The same for what it holds.</summary>
    public ulong FetchHeld() =>
        Place.Fetch() + (RoundTrip?.Fetch() ?? 0) + (ServerDelay?.Fetch() ?? 0) + (Variation?.Fetch() ?? 0);

    /// <summary>The same a step further.</summary>
    public ulong FetchFurther() =>
        Place.FetchFurther() + (RoundTrip?.FetchFurther() ?? 0) + (ServerDelay?.FetchFurther() ?? 0)
        + (Variation?.FetchFurther() ?? 0);

    public static void AddTo(ref LatencyHistogram? histogram, long nanoseconds) => (histogram ??= new()).Add(nanoseconds);

    /// <summary>The majority vote of Boyer and Moore: two numbers stand for all packets.</summary>
    private void VoteForHops(int hops)
    {
        if (_hopVotes == 0)
            _hops = hops;
        _hopVotes += hops == _hops ? 1 : -1;
    }
}
