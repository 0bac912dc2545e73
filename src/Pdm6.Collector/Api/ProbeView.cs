using Pdm6.Collector.Probes;

namespace Pdm6.Collector.Api;

/// <summary>What probers reported of one prober and target.</summary>
/// <param name="Prober">Name of the host that asked.</param>
/// <param name="Target">Name of the host that was asked.</param>
/// <param name="Address">The address that was asked.</param>
/// <param name="Rounds">Rounds in <paramref name="All"/>.</param>
/// <param name="LatestUnixNs">When the latest round ended, by the prober's clock.</param>
/// <param name="ReceivedUnixNs">When its report came, by this host's clock.</param>
/// <param name="All">All rounds together, or all of the period that was asked for.</param>
/// <param name="Latest">The latest round.</param>
public sealed record ProbeView(
    string Prober, string Target, string Address, long Rounds, ulong LatestUnixNs, ulong ReceivedUnixNs, ProbeNumbersView All,
    ProbeNumbersView Latest)
{
    internal static ProbeView Of(StoredPair pair, long rounds, ProbeNumbers numbers) => new(
        pair.Pair.Prober, pair.Pair.Target, pair.Pair.Address.ToString(), rounds, pair.ToUnixNs, pair.ReceivedAtUnixNs,
        numbers.View(), pair.Latest.View());
}
