using Pdm6.Collector.Api;
using Pdm6.Export;
using Pdm6.Measurement;

namespace Pdm6.Collector.Probes;

/// <summary>Adds up rounds of one prober and target.</summary>
internal sealed class ProbeNumbers
{
    private readonly LatencyHistogram _roundTrip = new();
    private long _sent, _received;
    private ProbeDirection _there = new(null, null, null, null), _back = new(null, null, null, null);

    public void Add(ProbeRound report, LatencyHistogram roundTrip)
    {
        _sent += report.Sent;
        _received += report.Received;
        _there = Sum(_there, report.There);
        _back = Sum(_back, report.Back);
        _roundTrip.Add(roundTrip);
    }

    public ProbeNumbersView View() => new(_sent, _received, _there, _back, DistributionView.Of(_roundTrip));

    /// <summary>What a round does not know adds nothing.</summary>
    private static ProbeDirection Sum(ProbeDirection all, ProbeDirection round) => new(
        Sum(all.Sent, round.Sent), Sum(all.Lost, round.Lost), Sum(all.Duplicated, round.Duplicated), Sum(all.Reordered, round.Reordered));

    private static long? Sum(long? all, long? round) => round is { } known ? (all ?? 0) + known : all;
}
