using Pdm6.Measurement;

namespace Pdm6.Collector.Windows;

/// <summary>
/// Everything known about one group in one stretch of time. Two of them add up to that of both stretches, so seconds
/// become minutes and minutes the whole run. Not safe for use by several threads.
/// </summary>
internal sealed class GroupNumbers
{
    /// <summary>The most reasons, "other" aside: their names come from outside.</summary>
    public const int MostReasons = 64;

    /// <summary>The reason of everything for whose own reason there was no room.</summary>
    public const string OtherReason = "other";

    private static readonly int _counterCount = Enum.GetValues<GroupCounter>().Length;

    private readonly long[] _counters = new long[_counterCount];
    private long[]? _packetsByHops;

    /// <summary>Packets left alone, by reason.</summary>
    public SortedDictionary<string, long> LeftAlone { get; } = new(StringComparer.Ordinal);

    /// <summary>Packets by routers passed, fewest routers first.</summary>
    public IEnumerable<(int Hops, long Packets)> Hops
    {
        get
        {
            for (int hops = 0; hops < _packetsByHops?.Length; hops++)
                if (_packetsByHops[hops] != 0)
                    yield return (hops, _packetsByHops[hops]);
        }
    }

    /// <summary>Network round trips; null before the first sample.</summary>
    public LatencyHistogram? RoundTrip { get; private set; }

    /// <summary>Server delays; null before the first sample.</summary>
    public LatencyHistogram? ServerDelay { get; private set; }

    /// <summary>Differences between successive round trips of a flow; null before the first sample.</summary>
    public LatencyHistogram? Variation { get; private set; }

    public long this[GroupCounter counter]
    {
        get => _counters[(int)counter];
        set => _counters[(int)counter] = value;
    }

    public void AddRoundTrip(long nanoseconds) => (RoundTrip ??= new LatencyHistogram()).Add(nanoseconds);

    public void AddServerDelay(long nanoseconds) => (ServerDelay ??= new LatencyHistogram()).Add(nanoseconds);

    public void AddVariation(long nanoseconds) => (Variation ??= new LatencyHistogram()).Add(nanoseconds);

    /// <param name="hops">0 to 255.</param>
    /// <param name="packets">Packets that passed so many routers.</param>
    public void AddHops(int hops, long packets) => (_packetsByHops ??= new long[256])[hops] += packets;

    public void AddLeftAlone(string reason, long packets)
    {
        if (!LeftAlone.ContainsKey(reason) && LeftAlone.Count >= MostReasons)
            reason = OtherReason;
        LeftAlone[reason] = LeftAlone.GetValueOrDefault(reason) + packets;
    }

    /// <summary>Adds another stretch of time.</summary>
    public void Add(GroupNumbers other)
    {
        for (int i = 0; i < _counterCount; i++)
            _counters[i] += other._counters[i];
        foreach ((string reason, long packets) in other.LeftAlone)
            AddLeftAlone(reason, packets);
        foreach ((int hops, long packets) in other.Hops)
            AddHops(hops, packets);
        AddDistributions(other.RoundTrip, other.ServerDelay, other.Variation);
    }

    /// <summary>Adds distributions; null is an empty one.</summary>
    public void AddDistributions(LatencyHistogram? roundTrip, LatencyHistogram? serverDelay, LatencyHistogram? variation)
    {
        RoundTrip = Sum(RoundTrip, roundTrip);
        ServerDelay = Sum(ServerDelay, serverDelay);
        Variation = Sum(Variation, variation);
    }

    private static LatencyHistogram? Sum(LatencyHistogram? own, LatencyHistogram? other)
    {
        if (other is null)
            return own;
        own ??= new LatencyHistogram();
        own.Add(other);
        return own;
    }
}
