using System.Diagnostics.CodeAnalysis;
using Pdm6.Collector.Api;
using Pdm6.Export;
using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Collector.Probes;

/// <summary>
/// What probers reported, by prober and target: all rounds together, and the latest. In memory, since the start of the
/// collector. Safe for use by several threads.
/// </summary>
internal sealed class ProbeBook
{
    private const int MostPairs = 1000; // a pair takes 60 kB, most of it its histograms

    private readonly Lock _lock = new();
    private readonly Dictionary<Pair, Rounds> _pairs = [];

    /// <summary>Takes all reports or, if one cannot be taken, none.</summary>
    public bool TryAdd(IReadOnlyList<ProbeRound> reports, [NotNullWhen(false)] out string? error)
    {
        error = reports.Count > ProbeRound.MostAtOnce ? $"more than {ProbeRound.MostAtOnce} reports at once" : null;
        LatencyHistogram[] roundTrips = new LatencyHistogram[reports.Count];
        for (int i = 0; i < reports.Count && error is null; i++)
        {
            if (reports[i] is null)
                error = "a report is null";
            else if (!reports[i].TryValidate(out error))
                break;
            else if (!LatencyHistogramRecord.TryRead(reports[i].RoundTrip, out roundTrips[i]!))
                error = "the round trips are no histogram";
        }
        return error is null && TryEnter(reports, roundTrips, out error);
    }

    /// <summary>Everything, by name.</summary>
    public IReadOnlyList<ProbeView> View()
    {
        lock (_lock)
            return [.. _pairs.OrderBy(entry => entry.Key.Prober, StringComparer.Ordinal).ThenBy(entry => entry.Key.Target, StringComparer.Ordinal)
                .Select(entry => new ProbeView(
                    entry.Key.Prober, entry.Key.Target, entry.Key.Address.ToString(), entry.Value.Count, entry.Value.ToUnixNs,
                    entry.Value.All.View(), entry.Value.Latest.View()))];
    }

    private bool TryEnter(IReadOnlyList<ProbeRound> reports, LatencyHistogram[] roundTrips, [NotNullWhen(false)] out string? error)
    {
        lock (_lock)
        {
            int added = reports.Select(Pair.Of).Distinct().Count(pair => !_pairs.ContainsKey(pair));
            error = _pairs.Count + added > MostPairs ? $"this collector keeps {MostPairs} pairs of prober and target and has {_pairs.Count}" : null;
            if (error is not null)
                return false;
            for (int i = 0; i < reports.Count; i++)
            {
                if (!_pairs.TryGetValue(Pair.Of(reports[i]), out Rounds? rounds))
                    _pairs.Add(Pair.Of(reports[i]), rounds = new Rounds());
                rounds.Add(reports[i], roundTrips[i]);
            }
            return true;
        }
    }

    private readonly record struct Pair(string Prober, string Target, Ipv6Address Address)
    {
        public static Pair Of(ProbeRound report) => new(report.Prober, report.Target, report.Address);
    }

    private sealed class Rounds
    {
        public long Count { get; private set; }

        public ulong ToUnixNs { get; private set; }

        public ProbeNumbers All { get; } = new();

        public ProbeNumbers Latest { get; private set; } = new();

        public void Add(ProbeRound report, LatencyHistogram roundTrip)
        {
            Count++;
            All.Add(report, roundTrip);
            if (report.ToUnixNs < ToUnixNs)
                return;
            (ToUnixNs, Latest) = (report.ToUnixNs, new ProbeNumbers());
            Latest.Add(report, roundTrip);
        }
    }
}
