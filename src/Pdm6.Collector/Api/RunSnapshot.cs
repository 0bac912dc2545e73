using Pdm6.Collector.Metrics;
using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Api;

/// <summary>The results as last stored. Does not change once made.</summary>
/// <param name="Groups">The groups over the whole run, by name.</param>
/// <param name="Counters">The counters of the run.</param>
/// <param name="Agents">All agents known.</param>
/// <param name="Buckets">Distributions for <c>/metrics</c>.</param>
/// <param name="Waiting">Observations whose context is not known yet.</param>
/// <param name="LossRefused">Entries that found the loss ledger full.</param>
internal sealed record RunSnapshot(
    IReadOnlyList<GroupView> Groups, RunCounters Counters, IReadOnlyList<StoredAgent> Agents, GroupBuckets Buckets,
    long Waiting, long LossRefused)
{
    public static RunSnapshot Empty { get; } = new([], new RunCounters(), [], GroupBuckets.Empty, 0, 0);
}
