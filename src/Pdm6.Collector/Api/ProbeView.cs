namespace Pdm6.Collector.Api;

/// <summary>What probers reported of one prober and target, since the collector's start.</summary>
/// <param name="Prober">Name of the host that asked.</param>
/// <param name="Target">Name of the host that was asked.</param>
/// <param name="Address">The address that was asked.</param>
/// <param name="Rounds">Rounds reported.</param>
/// <param name="LatestUnixNs">When the latest round ended.</param>
/// <param name="All">All rounds together.</param>
/// <param name="Latest">The latest round.</param>
public sealed record ProbeView(
    string Prober, string Target, string Address, long Rounds, ulong LatestUnixNs, ProbeNumbersView All, ProbeNumbersView Latest);
