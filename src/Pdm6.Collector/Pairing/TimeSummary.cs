namespace Pdm6.Collector.Pairing;

/// <summary>Times of one flow in 40 octets: a histogram for each of thousands of flows would be too much.</summary>
internal struct TimeSummary
{
    public long Samples { get; private set; }
    public long LeastNs { get; private set; }
    public long GreatestNs { get; private set; }
    public long LastNs { get; private set; }

    private double _sumNs;

    public readonly double MeanNs => Samples == 0 ? 0 : _sumNs / Samples;

    public void Add(long nanoseconds)
    {
        LeastNs = Samples == 0 ? nanoseconds : Math.Min(LeastNs, nanoseconds);
        GreatestNs = Math.Max(GreatestNs, nanoseconds);
        LastNs = nanoseconds;
        _sumNs += nanoseconds;
        Samples++;
    }
}
