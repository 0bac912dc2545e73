using Pdm6.Measurement;

namespace Pdm6.Collector.Metrics;

/// <summary>
/// A distribution in the fixed buckets that Prometheus wants, exact at their bounds. Not safe for concurrent use.
/// </summary>
internal sealed class TimeBuckets
{
    private static readonly long[] _upperNs =
    [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
        30_000_000_000, 60_000_000_000,
    ];

    private readonly long[] _counts = new long[_upperNs.Length];

    /// <summary>Inclusive upper bounds, nanoseconds; what exceeds the last is in <see cref="Samples"/> only.</summary>
    public static ReadOnlySpan<long> UpperNs => _upperNs;

    /// <summary>Samples in each bucket, not cumulative.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    public long Samples { get; private set; }

    public double SumSeconds { get; private set; }

    public void Add(long nanoseconds)
    {
        int bucket = PlaceOf(nanoseconds);
        if (bucket < _counts.Length)
            _counts[bucket]++;
        Samples++;
        SumSeconds += nanoseconds / 1e9;
    }

    /// <summary>The samples of a histogram. A bucket of it in which a bound lies counts where its middle is: the bounds are
    /// true to within <see cref="LatencyHistogram.RelativeError"/>.</summary>
    public static TimeBuckets Of(LatencyHistogram histogram)
    {
        TimeBuckets buckets = new() { Samples = (long)histogram.Count, SumSeconds = (double)histogram.SumNs / 1e9 };
        foreach (HistogramBucket used in histogram.NonEmptyBuckets)
        {
            int bucket = PlaceOf(used.FromNs + (used.WidthNs - 1) / 2);
            if (bucket < buckets._counts.Length)
                buckets._counts[bucket] += (long)used.Count;
        }
        return buckets;
    }

    /// <summary>A copy that will not change any more.</summary>
    public TimeBuckets Copy()
    {
        TimeBuckets copy = new() { Samples = Samples, SumSeconds = SumSeconds };
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }

    /// <summary>The bucket of a time; one past the last if it exceeds every bound.</summary>
    private static int PlaceOf(long nanoseconds)
    {
        int place = Array.BinarySearch(_upperNs, nanoseconds);
        return place < 0 ? ~place : place;
    }
}
