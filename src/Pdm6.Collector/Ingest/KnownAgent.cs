using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;
using Pdm6.Export;

namespace Pdm6.Collector.Ingest;

/// <summary>One incarnation of an agent as the pipeline knows it. Single-threaded.</summary>
internal sealed class KnownAgent
{
    private readonly NumberRanges _batches;
    private int[] _tags;
    private StoredAgent? _stored;

    public KnownAgent(AgentDescription description, GroupIndex groups)
    {
        Description = description;
        _tags = Tags(description, groups);
        _batches = new NumberRanges();
    }

    public KnownAgent(StoredAgent stored, GroupIndex groups)
    {
        Description = stored.Description;
        _tags = Tags(stored.Description, groups);
        _batches = new NumberRanges(stored.Batches);
        LastSeenUnixNs = stored.LastSeenUnixNs;
        Observations = stored.Observations;
        Report = stored.Report;
        _stored = stored;
    }

    public AgentDescription Description { get; private set; }
    public ulong LastSeenUnixNs { get; private set; }
    public long Observations { get; private set; }
    public CounterReport? Report { get; private set; }

    /// <summary>The group of one of the agent's rules.</summary>
    public int TagOf(ushort rule) => rule < _tags.Length ? _tags[rule] : GroupIndex.NoTag;

    public void Describe(AgentDescription description, GroupIndex groups, ulong nowUnixNs)
    {
        Description = description;
        _tags = Tags(description, groups);
        Touch(nowUnixNs);
    }

    /// <summary>False if the batch was taken before.</summary>
    public bool TryTakeBatch(ulong number, int observations, ulong nowUnixNs)
    {
        Touch(nowUnixNs);
        if (!_batches.Add(number))
            return false;
        Observations += observations;
        return true;
    }

    /// <summary>
    /// Takes a report that is newer than the last, and adds what changed since then. False if it is not newer.
    /// </summary>
    public bool TryTakeReport(
        CounterReport report, ulong nowUnixNs, GroupIndex groups, WindowSet windows, RunCounters counters)
    {
        Touch(nowUnixNs);
        if (Report is { } last && report.AtUnixNs <= last.AtUnixNs)
            return false;
        foreach (RuleCounters rule in report.Rules)
        {
            RuleCounters? before = Report?.Rules.FirstOrDefault(known => known.Name == rule.Name);
            // A first report shows a rule without traffic too; after that, nothing new is nothing to store.
            if (before is null || !AreEqual(before, rule))
                Add(rule, before, windows.At(groups.TagOf(rule.Name), report.AtUnixNs));
        }
        counters[RunCounter.RingLost] += report.RingLost - (Report?.RingLost ?? 0);
        counters[RunCounter.ExportLost] += report.ExportLost - (Report?.ExportLost ?? 0);
        counters[RunCounter.PathFallbacks] += report.PathFallbacks - (Report?.PathFallbacks ?? 0);
        counters[RunCounter.PathReturns] += report.PathReturns - (Report?.PathReturns ?? 0);
        // What was sent is the loss ledger's; here it would only be kept in memory.
        Report = report with { Sent = [] };
        return true;
    }

    /// <summary>A copy that will not change any more; the same one as long as nothing has changed.</summary>
    public StoredAgent ToStored() =>
        _stored ??= new StoredAgent(Description, LastSeenUnixNs, Observations, Report, [.. _batches.Ranges]);

    private static bool AreEqual(RuleCounters left, RuleCounters right) =>
        left.Selected == right.Selected && left.Sealed == right.Sealed && left.SentClear == right.SentClear
        && left.LeftAlone.Count == right.LeftAlone.Count
        && left.LeftAlone.All(entry => right.LeftAlone.GetValueOrDefault(entry.Key) == entry.Value);

    private static void Add(RuleCounters rule, RuleCounters? before, GroupNumbers numbers)
    {
        numbers[GroupCounter.Selected] += rule.Selected - (before?.Selected ?? 0);
        numbers[GroupCounter.Sealed] += rule.Sealed - (before?.Sealed ?? 0);
        numbers[GroupCounter.SentClear] += rule.SentClear - (before?.SentClear ?? 0);
        foreach ((string reason, long packets) in rule.LeftAlone)
            if (packets - (before?.LeftAlone.GetValueOrDefault(reason) ?? 0) is not 0 and long change)
                numbers.AddLeftAlone(reason, change);
    }

    private void Touch(ulong nowUnixNs)
    {
        LastSeenUnixNs = nowUnixNs;
        _stored = null;
    }

    private static int[] Tags(AgentDescription description, GroupIndex groups) =>
        [.. description.Rules.Select(groups.TagOf)];
}
