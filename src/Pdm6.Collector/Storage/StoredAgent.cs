using Pdm6.Export;

namespace Pdm6.Collector.Storage;

/// <summary>What is remembered of one incarnation of an agent. Does not change once made.</summary>
/// <param name="Description">What it said of itself.</param>
/// <param name="LastSeenUnixNs">When it was last heard of.</param>
/// <param name="Observations">Observations taken from it.</param>
/// <param name="Report">Its last counters; null before the first.</param>
/// <param name="Batches">Numbers of the batches taken.</param>
internal sealed record StoredAgent(
    AgentDescription Description, ulong LastSeenUnixNs, long Observations, CounterReport? Report,
    IReadOnlyList<(ulong First, ulong Last)> Batches);
