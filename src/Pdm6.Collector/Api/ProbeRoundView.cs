using Pdm6.Collector.Probes;

namespace Pdm6.Collector.Api;

/// <summary>One round that a prober reported.</summary>
/// <param name="Prober">Name of the host that asked.</param>
/// <param name="Target">Name of the host that was asked.</param>
/// <param name="Address">The address that was asked.</param>
/// <param name="FromUnixNs">When the round began, by the prober's clock.</param>
/// <param name="ToUnixNs">When it ended, likewise.</param>
/// <param name="Numbers">What it came to.</param>
public sealed record ProbeRoundView(
    string Prober, string Target, string Address, ulong FromUnixNs, ulong ToUnixNs, ProbeNumbersView Numbers)
{
    internal static ProbeRoundView Of(StoredRound round) => new(
        round.Pair.Prober, round.Pair.Target, round.Pair.Address.ToString(), round.FromUnixNs, round.ToUnixNs, round.Numbers.View());
}
