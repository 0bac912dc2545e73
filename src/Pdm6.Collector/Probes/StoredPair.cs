namespace Pdm6.Collector.Probes;

/// <summary>A pair as the store has it.</summary>
/// <param name="Pair">Who asked whom.</param>
/// <param name="Rounds">Rounds reported since the pair is known.</param>
/// <param name="ReceivedAtUnixNs">When the latest came, by this host's clock.</param>
/// <param name="ToUnixNs">When the latest ended, by the prober's clock.</param>
/// <param name="All">All rounds together.</param>
/// <param name="Latest">The latest round.</param>
internal sealed record StoredPair(
    ProbePair Pair, long Rounds, ulong ReceivedAtUnixNs, ulong ToUnixNs, ProbeNumbers All, ProbeNumbers Latest);
