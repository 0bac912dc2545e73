using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Storage;

/// <summary>What the store says when the collector starts.</summary>
internal sealed record StoredRun(
    IReadOnlyDictionary<string, GroupNumbers> Totals, RunCounters Counters, IReadOnlyList<StoredAgent> Agents);
