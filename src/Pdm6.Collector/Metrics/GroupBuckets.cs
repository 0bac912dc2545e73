namespace Pdm6.Collector.Metrics;

/// <summary>The buckets of every group that has any.</summary>
internal sealed record GroupBuckets(
    IReadOnlyList<(string Group, TimeBuckets Buckets)> RoundTrips,
    IReadOnlyList<(string Group, TimeBuckets Buckets)> ServerDelays)
{
    public static GroupBuckets Empty { get; } = new([], []);
}
