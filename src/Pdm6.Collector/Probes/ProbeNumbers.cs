using Pdm6.Collector.Api;
using Pdm6.Export;
using Pdm6.Measurement;

namespace Pdm6.Collector.Probes;

/// <summary>The numbers of one round, or of several added up.</summary>
internal sealed class ProbeNumbers
{
    private static readonly ProbeDirection _unknown = new(null, null, null, null);

    public ProbeNumbers()
        : this(0, 0, _unknown, _unknown, new LatencyHistogram())
    {
    }

    public ProbeNumbers(long sent, long received, ProbeDirection there, ProbeDirection back, LatencyHistogram roundTrip) =>
        (Sent, Received, There, Back, RoundTrip) = (sent, received, there, back, roundTrip);

    public long Sent { get; private set; }

    public long Received { get; private set; }

    public ProbeDirection There { get; private set; }

    public ProbeDirection Back { get; private set; }

    public LatencyHistogram RoundTrip { get; }

    public void Add(ProbeNumbers other)
    {
        Sent += other.Sent;
        Received += other.Received;
        There = Sum(There, other.There);
        Back = Sum(Back, other.Back);
        RoundTrip.Add(other.RoundTrip);
    }

    public ProbeNumbersView View() => new(Sent, Received, There, Back, DistributionView.Of(RoundTrip));

    /// <summary>What a round does not know adds nothing.</summary>
    private static ProbeDirection Sum(ProbeDirection all, ProbeDirection round) => new(
        Sum(all.Sent, round.Sent), Sum(all.Lost, round.Lost), Sum(all.Duplicated, round.Duplicated), Sum(all.Reordered, round.Reordered));

    private static long? Sum(long? all, long? round) => round is { } known ? (all ?? 0) + known : all;
}
