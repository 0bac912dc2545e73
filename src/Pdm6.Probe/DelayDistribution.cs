using Pdm6.Measurement;

namespace Pdm6.Probe;

/// <summary>Times of one kind: how many, extremes, mean, deviation, and quantiles from a histogram.</summary>
public sealed class DelayDistribution
{
    private double _mean;
    private double _squares; // Welford's sum of squared deviations

    /// <summary>The samples' histogram.</summary>
    public LatencyHistogram Histogram { get; } = new();

    /// <summary>How many samples there are.</summary>
    public long Count => (long)Histogram.Count;

    /// <summary>The latest sample, nanoseconds; 0 if there is none.</summary>
    public long LastNs { get; private set; }

    /// <summary>The mean, nanoseconds; 0 if there is no sample.</summary>
    public double MeanNs => Histogram.MeanNs;

    /// <summary>The standard deviation of the samples, nanoseconds; 0 if there is no sample.</summary>
    public double DeviationNs => Count == 0 ? 0 : Math.Sqrt(_squares / Count);

    /// <summary>Adds one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    public void Add(long nanoseconds)
    {
        Histogram.Add(nanoseconds);
        LastNs = nanoseconds;
        double difference = nanoseconds - _mean;
        _mean += difference / Count;
        _squares += difference * (nanoseconds - _mean);
    }
}
