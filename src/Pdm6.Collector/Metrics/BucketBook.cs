using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Metrics;

/// <summary>The buckets of every group since the collector started. Single-threaded; <see cref="Copy"/> is for others.</summary>
internal sealed class BucketBook(GroupIndex groups)
{
    private readonly TimeBuckets?[] _roundTrips = new TimeBuckets?[GroupIndex.MostGroups];
    private readonly TimeBuckets?[] _serverDelays = new TimeBuckets?[GroupIndex.MostGroups];

    public void AddRoundTrip(int tag, long nanoseconds) => (_roundTrips[tag] ??= new TimeBuckets()).Add(nanoseconds);

    public void AddServerDelay(int tag, long nanoseconds) => (_serverDelays[tag] ??= new TimeBuckets()).Add(nanoseconds);

    /// <summary>A copy that will not change any more.</summary>
    public GroupBuckets Copy() => new(CopyAll(_roundTrips), CopyAll(_serverDelays));

    private List<(string Group, TimeBuckets Buckets)> CopyAll(TimeBuckets?[] all)
    {
        List<(string, TimeBuckets)> copies = [];
        for (int tag = 0; tag < groups.Count; tag++)
            if (all[tag] is { } buckets)
                copies.Add((groups.NameOf(tag), buckets.Copy()));
        return copies;
    }
}
