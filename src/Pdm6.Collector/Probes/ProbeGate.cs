using System.Diagnostics.CodeAnalysis;
using Pdm6.Export;
using Pdm6.Measurement;

namespace Pdm6.Collector.Probes;

/// <summary>
/// Decides whether reports of probers are taken: they must be well-formed, and a collector keeps a bounded number of
/// pairs. A pair that was silent for longer than rounds are kept makes room. Safe for use by several threads.
/// </summary>
internal sealed class ProbeGate(TimeSpan retention, TimeProvider time)
{
    /// <summary>The most pairs of prober and target.</summary>
    public const int MostPairs = 1000;

    // More than anybody sends in a round, and so little that sums stay far from the end of 64 bits.
    private const long MostRequests = 1L << 40;

    private readonly Lock _lock = new();
    private readonly Dictionary<ProbePair, ulong> _lastSeenUnixNs = [];

    /// <summary>Goes on with the pairs that were stored.</summary>
    public void Restore(IEnumerable<StoredPair> pairs)
    {
        lock (_lock)
            foreach (StoredPair pair in pairs)
                _lastSeenUnixNs[pair.Pair] = pair.ReceivedAtUnixNs;
    }

    /// <summary>Takes all reports or, if one cannot be taken, none.</summary>
    public bool TryAdmit(
        IReadOnlyList<ProbeRound> reports, [NotNullWhen(true)] out IReadOnlyList<ReceivedRound>? admitted, [NotNullWhen(false)] out string? error)
    {
        admitted = null;
        error = reports.Count > ProbeRound.MostAtOnce ? $"more than {ProbeRound.MostAtOnce} reports at once" : null;
        foreach (ProbeRound report in reports)
            error ??= Fault(report);
        ulong now = time.UnixNs();
        if (error is null && TryEnter(reports, now, out error))
            admitted = [.. reports.Select(report => new ReceivedRound(now, report))];
        return admitted is not null;
    }

    private static string? Fault(ProbeRound? report)
    {
        if (report is null)
            return "a report is null";
        if (!report.TryValidate(out string? error))
            return error;
        if (report.Sent > MostRequests)
            return $"more than {MostRequests} requests in a round";
        return LatencyHistogramRecord.TryRead(report.RoundTrip, out _) ? null : "the round trips are no histogram";
    }

    private bool TryEnter(IReadOnlyList<ProbeRound> reports, ulong now, [NotNullWhen(false)] out string? error)
    {
        ProbePair[] pairs = [.. reports.Select(ProbePair.Of).Distinct()];
        lock (_lock)
        {
            if (!HasRoomFor(pairs))
                Forget(now);
            error = HasRoomFor(pairs) ? null : $"this collector keeps {MostPairs} pairs of prober and target and has {_lastSeenUnixNs.Count}";
            if (error is not null)
                return false;
            foreach (ProbePair pair in pairs)
                _lastSeenUnixNs[pair] = now;
            return true;
        }
    }

    private bool HasRoomFor(ProbePair[] pairs) =>
        _lastSeenUnixNs.Count + pairs.Count(pair => !_lastSeenUnixNs.ContainsKey(pair)) <= MostPairs;

    private void Forget(ulong now)
    {
        ulong keptNs = (ulong)retention.Ticks * TimeSpan.NanosecondsPerTick;
        foreach ((ProbePair pair, ulong lastSeen) in _lastSeenUnixNs)
            if (now > lastSeen && now - lastSeen > keptNs)
                _lastSeenUnixNs.Remove(pair);
    }
}
