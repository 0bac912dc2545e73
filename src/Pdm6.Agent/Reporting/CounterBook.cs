using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Agent.Reporting;

/// <summary>
/// Makes reports out of counters. The kernel counts since the programs were loaded, a report since its incarnation
/// began, so the state at that moment is subtracted. Options sent in past epochs are told until a report with their
/// final count was taken. Thread-safe.
/// </summary>
internal sealed class CounterBook
{
    // Hours without a collector: older counts are given up, and with them what they would have told about loss.
    private const int MostFinal = 4 * CounterReport.MaxSent;

    private IReadOnlyList<string> _rules;
    private readonly Lock _lock = new();
    private readonly List<SentCounter> _final = [];
    private IncarnationId _incarnation;
    private DatapathCounters _before, _last;
    private long _exportLostBefore, _lastExportLost;
    private (long Fallbacks, long Returns) _pathsBefore, _lastPaths;
    private ulong _lastAtUnixNs;

    internal CounterBook(IReadOnlyList<string> rules, IncarnationId incarnation, DatapathCounters before) =>
        (_rules, _incarnation, _before, _last) = (rules, incarnation, before, before);

    /// <summary>There are more rules now; those that there were keep their numbers.</summary>
    internal void SetRules(IReadOnlyList<string> names)
    {
        lock (_lock)
            _rules = names;
    }

    /// <summary>An epoch has ended.</summary>
    internal void AddFinal(Announcement context, long index, IReadOnlyList<SealedCount> counts)
    {
        lock (_lock)
        {
            _final.AddRange(ToSent(context, index, counts));
            if (_final.Count > MostFinal)
                _final.RemoveRange(0, _final.Count - MostFinal);
        }
    }

    /// <summary>From now on another incarnation counts, from where the last report of the former one left off: what
    /// was counted since that report is the new one's, so nothing is counted by neither.</summary>
    internal void BeginIncarnation(IncarnationId incarnation)
    {
        lock (_lock)
            (_incarnation, _before, _exportLostBefore, _pathsBefore) = (incarnation, _last, _lastExportLost, _lastPaths);
    }

    /// <summary>The state of everything; context, index and counts are those of the epoch in use.</summary>
    internal CounterReport Report(
        DatapathCounters now, Announcement context, long index, IReadOnlyList<SealedCount> currentSealed, long exportLost, ulong nowUnixNs,
        long pathFallbacks = 0, long pathReturns = 0)
    {
        lock (_lock)
        {
            (_last, _lastExportLost, _lastPaths) = (now, exportLost, (pathFallbacks, pathReturns));
            // Reports that are not newer than the last are ignored, also if Unix time was set back.
            _lastAtUnixNs = Math.Max(_lastAtUnixNs + 1, nowUnixNs);
            return new CounterReport(
                _incarnation,
                _lastAtUnixNs,
                [.. _rules.Select((name, rule) => new RuleCounters(
                    name,
                    Since(counters => counters.OfRule(rule, PacketOutcome.Selected)),
                    Since(counters => counters.OfRule(rule, PacketOutcome.Sealed)),
                    LeftAlone((counters, outcome) => counters.OfRule(rule, outcome)),
                    Since(counters => counters.OfRule(rule, PacketOutcome.SentClear))))],
                LeftAlone((counters, outcome) => counters.BeforeRules(outcome)),
                [.. _final.Concat(ToSent(context, index, currentSealed)).Take(CounterReport.MaxSent)],
                VerdictNames.All
                    .Select(verdict => (verdict, Count: Since(counters => counters.OfVerdict(verdict))))
                    .Where(entry => entry.Count != 0)
                    .ToDictionary(entry => entry.verdict.ToName(), entry => entry.Count),
                Since(counters => counters.RingLost),
                exportLost - _exportLostBefore,
                pathFallbacks - _pathsBefore.Fallbacks,
                pathReturns - _pathsBefore.Returns);
        }

        long Since(Func<DatapathCounters, ulong> read) => (long)(read(now) - read(_before));

        Dictionary<string, long> LeftAlone(Func<DatapathCounters, PacketOutcome, ulong> read) => PacketOutcomeNames.All
            .Where(outcome => outcome is not (PacketOutcome.Selected or PacketOutcome.Sealed or PacketOutcome.SentClear))
            .Select(outcome => (outcome, Count: Since(counters => read(counters, outcome))))
            .Where(entry => entry.Count != 0)
            .ToDictionary(entry => entry.outcome.ToName(), entry => entry.Count);
    }

    /// <summary>The collector took this report: what it said of past epochs need not be said again.</summary>
    internal void Acknowledge(CounterReport report)
    {
        HashSet<SentCounter> told = [.. report.Sent];
        lock (_lock)
            _final.RemoveAll(told.Contains);
    }

    private IEnumerable<SentCounter> ToSent(Announcement context, long index, IReadOnlyList<SealedCount> counts) =>
        counts.Where(count => count.Rule < _rules.Count).Select(count => new SentCounter(
            count.Pair.Source, count.Pair.Destination, _rules[count.Rule], context.ContextId, context.Timetable.EpochOf(index), index,
            (long)count.Count));
}
