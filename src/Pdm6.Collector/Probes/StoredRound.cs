namespace Pdm6.Collector.Probes;

/// <summary>One round as the store has it.</summary>
/// <param name="Pair">Who asked whom.</param>
/// <param name="FromUnixNs">When it began, by the prober's clock.</param>
/// <param name="ToUnixNs">When it ended, by the prober's clock.</param>
/// <param name="Numbers">What it came to.</param>
internal sealed record StoredRound(ProbePair Pair, ulong FromUnixNs, ulong ToUnixNs, ProbeNumbers Numbers);
