using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Measurement;
using Pdm6.Security;

namespace Pdm6.Collector.Pairing;

/// <summary>
/// Loss by pair: options that senders say they sent minus the distinct ones that were observed (protocol reference,
/// section 8). Both sides of the subtraction are taken at the same instant, the time of a sender's report, once what
/// was under way then must have come; else the packets of the seconds in between would hide the lost ones. Changes
/// become part of the windows. Single-threaded.
/// </summary>
/// <param name="groups">Names of the groups.</param>
/// <param name="startedAtUnixNs">When this process began to listen.</param>
internal sealed class LossLedger(GroupIndex groups, ulong startedAtUnixNs)
{
    /// <summary>How long a sender's report waits for the observations of the far ends.</summary>
    public const ulong GraceNs = 3 * UnixTime.NanosecondsPerSecond;

    /// <summary>How long after its end an epoch can still change: an agent that could not reach the collector sends
    /// what it kept.</summary>
    public const ulong SettleAfterNs = 3600 * UnixTime.NanosecondsPerSecond;

    // The most that a packet is on its way; the clocks' error bound comes on top.
    private const ulong UnderWayNs = 200_000_000;

    // Distinct packets wait no longer than this for a report; their sender may have stopped.
    private const ulong LongestWaitNs = 10 * UnixTime.NanosecondsPerSecond;

    // An agent that starts just before the collector finds it within this time and keeps its observations until then.
    private const ulong LeadNs = 5 * UnixTime.NanosecondsPerSecond;

    // Bounds against an agent that reports without end or invents contexts.
    private const int MostWaiting = 4096;
    private const int MostContexts = 16_384;

    private readonly PairLossTable _table = new();
    private readonly Dictionary<ContextId, Sender> _senders = [];
    private readonly Dictionary<UInt128, AwaitedDistinct> _awaited = [];
    private readonly Queue<(ulong Due, CounterReport Report)> _reports = new();
    private readonly long[] _told = new long[GroupIndex.MostGroups];
    private readonly long[] _missing = new long[GroupIndex.MostGroups];
    private readonly ulong _startedAtUnixNs = startedAtUnixNs;
    private ulong _nowUnixNs = startedAtUnixNs;

    /// <summary>Reports and packets that found the table full: from then on loss is a lower bound.</summary>
    public ulong Refused => _table.Refused;

    /// <summary>Learns the timetable of a context.</summary>
    /// <param name="announcement">The context.</param>
    /// <param name="wasKnownBefore">A process before this one took its observations.</param>
    public void Know(Announcement announcement, bool wasKnownBefore)
    {
        if (_senders.Count < MostContexts)
            _senders.TryAdd(announcement.ContextId, new Sender(
                announcement.Timetable, announcement.ClockErrorBoundNs, wasKnownBefore ? 0 : LeadNs));
    }

    /// <summary>Takes a sender's report; it counts after <see cref="GraceNs"/>.</summary>
    public void Report(CounterReport report, ulong nowUnixNs)
    {
        if (_reports.Count == MostWaiting)
            Apply(_reports.Dequeue().Report);
        _reports.Enqueue((nowUnixNs + GraceNs, report));
    }

    /// <summary>Takes a change of the numbers that are missing inside the series of a group. They are known at once,
    /// while the comparison with what senders report must first wait out the clocks' error; until then, the larger of
    /// the two is told.</summary>
    public void CountMissing(int tag, int change) => _missing[tag] += change;

    /// <summary>Takes a distinct packet. Nothing is compared for a context that <see cref="Know"/> had no room for,
    /// so its packets are not kept either.</summary>
    public void CountDistinct(in CountedPacket packet)
    {
        if (!_awaited.TryGetValue(packet.Context, out AwaitedDistinct? awaited))
        {
            if (!_senders.ContainsKey(new ContextId(packet.Context)))
                return;
            _awaited[packet.Context] = awaited = new AwaitedDistinct();
        }
        awaited.Add(
            new PairLossKey(packet.Context, packet.EpochIndex, packet.Flow.Source, packet.Flow.Destination, packet.Tag),
            // An observer whose clock runs ahead must not make packets wait for ever.
            Math.Min(packet.ObservedAtNs, _nowUnixNs + LongestWaitNs));
    }

    /// <summary>Lets reports count whose time has come, and tells the windows what changed.</summary>
    public void Advance(ulong nowUnixNs, WindowSet windows)
    {
        _nowUnixNs = nowUnixNs;
        while (_reports.TryPeek(out (ulong Due, CounterReport Report) next) && next.Due <= nowUnixNs)
            Apply(_reports.Dequeue().Report);
        foreach (AwaitedDistinct awaited in _awaited.Values)
            awaited.CountUntil(nowUnixNs - LongestWaitNs, _table);
        Tell(nowUnixNs, windows, static (compared, missing) => Math.Max(compared, missing));
    }

    /// <summary>Lets every packet and every report count now.</summary>
    public void ApplyAll(ulong nowUnixNs, WindowSet windows)
    {
        foreach (AwaitedDistinct awaited in _awaited.Values)
            awaited.CountUntil(ulong.MaxValue, _table);
        while (_reports.TryDequeue(out (ulong Due, CounterReport Report) next))
            Apply(next.Report);
        Tell(nowUnixNs, windows, static (compared, _) => compared);
    }

    /// <summary>Closes epochs whose last report and last observation must have come.</summary>
    public void Settle(ulong nowUnixNs)
    {
        ulong before = nowUnixNs - SettleAfterNs;
        foreach ((ContextId context, Sender sender) in _senders)
        {
            bool isOver = sender.Timetable.EndNs <= before;
            _table.Settle(context.Value, isOver ? long.MaxValue : sender.Timetable.IndexAt(before));
            if (!isOver)
                continue;
            _senders.Remove(context);
            _awaited.Remove(context.Value);
        }
    }

    private void Apply(CounterReport report)
    {
        foreach (ContextId context in report.Sent.Select(sent => sent.ContextId).Distinct())
            if (_senders.TryGetValue(context, out Sender? sender) && _awaited.TryGetValue(context.Value, out AwaitedDistinct? awaited))
                awaited.CountUntil(report.AtUnixNs + UnderWayNs + sender.ClockErrorBoundNs, _table);
        foreach (SentCounter sent in report.Sent)
            if (_senders.TryGetValue(sent.ContextId, out Sender? sender) && WasListening(sender, sent.EpochIndex))
                _table.ReportSent(
                    new PairLossKey(sent.ContextId.Value, sent.EpochIndex, sent.Source, sent.Destination, groups.TagOf(sent.Rule)),
                    (ulong)sent.Count);
    }

    // What came before this process listened is no loss.
    private bool WasListening(Sender sender, long epochIndex) =>
        epochIndex < sender.Timetable.Count
        && sender.Timetable.StartOf(epochIndex) + sender.LeadNs >= _startedAtUnixNs;

    private void Tell(ulong nowUnixNs, WindowSet windows, Func<long, long, long> choose)
    {
        for (int tag = 0; tag < groups.Count; tag++)
        {
            long lost = choose((long)_table.Of(tag).Lost, _missing[tag]);
            if (lost == _told[tag])
                continue;
            windows.At(tag, nowUnixNs)[GroupCounter.Lost] += lost - _told[tag];
            _told[tag] = lost;
        }
    }

    private sealed record Sender(EpochTimetable Timetable, ulong ClockErrorBoundNs, ulong LeadNs);
}
