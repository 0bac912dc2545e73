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
        int bucket = Array.BinarySearch(_upperNs, nanoseconds);
        bucket = bucket < 0 ? ~bucket : bucket;
        if (bucket < _counts.Length)
            _counts[bucket]++;
        Samples++;
        SumSeconds += nanoseconds / 1e9;
    }

    /// <summary>A copy that will not change any more.</summary>
    public TimeBuckets Copy()
    {
        TimeBuckets copy = new() { Samples = Samples, SumSeconds = SumSeconds };
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }
}
