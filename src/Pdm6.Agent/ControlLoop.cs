using System.Collections.Concurrent;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Exchange;
using Pdm6.Agent.Keys;
using Pdm6.Agent.Paths;
using Pdm6.Agent.Reporting;
using Pdm6.Agent.Status;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent;

/// <summary>
/// The one thread of thought that changes keys: epochs at their instants, pairs when others announce themselves or
/// packets ask, receiving keys as their windows open and close; and once a second a report. Others hand it their news
/// and never touch keys themselves.
/// </summary>
internal sealed class ControlLoop : IExchangeNews, IDisposable
{
    private const ulong ReportEveryNs = 1_000_000_000;
    // Receiving windows open and close at any time; keys are put two seconds ahead.
    private const ulong LookEveryNs = 500_000_000;
    // Half of what the announcement allows: from then on receivers could misjudge our epochs.
    private const long LargestClockStepNs = (long)(SendingContext.ClockErrorBoundNs / 2);
    // Time to tell everybody of a context that takes over because a former one may not go on.
    private const ulong ReplaceAfterNs = 2_000_000_000;
    private const int MostRequests = 4096;
    private const int MostBusyFlows = 256;

    private readonly AgentConfiguration _configuration;
    private readonly StartedHost _host;
    private volatile SenderIdentity _sender;
    private readonly SpentLimits _limits;
    private readonly SendingPairs _pairs;
    private readonly SendingKeys _sending;
    private readonly ReceivingKeys _receiving;
    private readonly HashSet<IncarnationId> _incarnations = [];
    private readonly Signal _news = new();
    private readonly ConcurrentQueue<AddressPair> _requests = new();
    private readonly ConcurrentQueue<BusyFlow> _busyFlows = new();
    private readonly NumberPreparation? _preparation;
    private IReadOnlyList<Announcement>? _newAnnouncements;
    private bool _pairsChanged, _contextIsObsolete;
    private RemoteContexts _remote = RemoteContexts.None;
    private ControlOutputs _out = null!; // Connect, before the loop runs
    private Announcement? _introduced;
    private long _announcedUnixMinusBootNs;
    private ulong _lastSequence;
    private int _flowsInUse;
    private AgentStatus? _status;

    internal ControlLoop(AgentConfiguration configuration, StartedHost host, SenderIdentity sender, Action<string> log)
    {
        (_configuration, _host, _sender, _limits) = (configuration, host, sender, new SpentLimits(log));
        _pairs = new SendingPairs(sender.Addresses, new DatapathOptions().PairsPerEpoch);
        _sending = new SendingKeys(host.Datapath, BeginContext, _pairs, host.Exchange.MaySeal, host.Paths);
        PathKeys = new PathKeys(host.Exchange);
        _receiving = new ReceivingKeys(host.Datapath, host.Exchange, sender.Addresses);
        if (PreparedNumbers.IsSupported)
            _preparation = new NumberPreparation(host.Datapath.OpenLanes());
    }

    internal IReadOnlyList<Ipv6Address> Addresses => _sender.Addresses;

    /// <summary>What to talk about paths with: kept up to date here.</summary>
    internal PathKeys PathKeys { get; }

    /// <summary>The incarnation in use.</summary>
    internal IncarnationId Incarnation => _sending.Context.Announcement.IncarnationId;

    /// <summary>True if packets of a pair can be sealed now. Any thread.</summary>
    internal bool HasKey(AddressPair pair) => _sending.Current.Keys is var keys && keys.Contains(pair) && BootClock.NowNs < keys.DeadlineNs;

    /// <summary>At most a second old.</summary>
    internal AgentStatus Status => Volatile.Read(ref _status) ?? throw new InvalidOperationException("The loop is not connected.");

    /// <summary>Before anything else.</summary>
    internal void Connect(ControlOutputs outputs)
    {
        _out = outputs;
        Introduce();
        PathKeys.SetOwn(_sending.Context);
        Report(unchecked(BootClock.NowNs + (ulong)_announcedUnixMinusBootNs));
    }

    public void SetAnnouncements(IReadOnlyList<Announcement> announcements)
    {
        Volatile.Write(ref _newAnnouncements, announcements);
        _news.Set();
    }

    public void PairsChanged()
    {
        Volatile.Write(ref _pairsChanged, true);
        _news.Set();
    }

    public void ReplaceContext()
    {
        Volatile.Write(ref _contextIsObsolete, true);
        _news.Set();
    }

    /// <summary>From now on there is a rule that sends udp-frames: whoever opens them must be told, which takes another
    /// context. Any thread.</summary>
    internal void SendFrames()
    {
        if (_sender.SendsFrames)
            return;
        _sender = _sender with { SendsFrames = true };
        ReplaceContext();
    }

    /// <summary>A packet had no key. Any thread.</summary>
    public void Request(AddressPair pair)
    {
        if (_requests.Count >= MostRequests)
            return; // the kernel asks again in a second
        _requests.Enqueue(pair);
        _news.Set();
    }

    /// <summary>A flow sends so much that its keystream should be made ahead. Any thread.</summary>
    internal void NoteBusy(BusyFlow flow)
    {
        if (_busyFlows.Count >= MostBusyFlows)
            return; // the kernel says it again a thousand packets later
        _busyFlows.Enqueue(flow);
        _news.Set();
    }

    internal async Task RunAsync(CancellationToken stop)
    {
        ulong nextReportNs = BootClock.NowNs;
        while (true)
        {
            ulong now = BootClock.NowNs;
            long unixMinusBootNs = BootClock.UnixMinusBootNs();
            TakeNews();
            if (Math.Abs(unixMinusBootNs - _announcedUnixMinusBootNs) > LargestClockStepNs)
                _sending.EndContextEarly();
            if (Interlocked.Exchange(ref _contextIsObsolete, false))
                _sending.ReplaceContextAt(now + ReplaceAfterNs);
            EpochChange? change = _sending.Advance(now);
            PathKeys.SetOwn(_sending.Context);
            Introduce(); // before anything is told in a new incarnation's name
            _host.Exchange.Advance(_sending.Contexts, _pairs.All, unchecked(now + (ulong)unixMinusBootNs));
            if (change is not null)
                Apply(change, unchecked(now + (ulong)unixMinusBootNs));
            _receiving.Update(_remote, unchecked(now + (ulong)unixMinusBootNs), unixMinusBootNs);
            if (now >= nextReportNs)
            {
                Report(unchecked(now + (ulong)unixMinusBootNs));
                nextReportNs = now + ReportEveryNs;
            }
            ulong next = Math.Min(Math.Min(now + LookEveryNs, nextReportNs), _sending.NextChangeNs);
            now = BootClock.NowNs;
            if (next > now)
                await _news.WaitAsync(TimeSpan.FromMicroseconds((next - now) / 1000 + 1), stop).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>After the programs were detached and the loop has ended: the last word.</summary>
    internal void ReportFinally() => Report(unchecked(BootClock.NowNs + (ulong)BootClock.UnixMinusBootNs()));

    public void Dispose()
    {
        _preparation?.Dispose();
        _sending.Dispose();
    }

    private SendingContext BeginContext(ulong firstInstantBootNs)
    {
        long unixMinusBootNs = BootClock.UnixMinusBootNs();
        SendingContext context = SendingContext.Begin(
            _host.Exchange.FillBaseSecret, _sender, firstInstantBootNs, unixMinusBootNs, _lastSequence);
        _lastSequence = context.Announcement.Sequence;
        _incarnations.Add(context.Announcement.IncarnationId);
        _announcedUnixMinusBootNs = unixMinusBootNs;
        return context;
    }

    private void TakeNews()
    {
        if (Interlocked.Exchange(ref _newAnnouncements, null) is { } announcements)
        {
            _remote = new RemoteContexts(announcements, _incarnations);
            PathKeys.SetRemote(_remote);
            if (_host.Exchange.SealsToAllAnnounced)
                _pairs.SetRegistered(_remote.Addresses);
            _sending.AddMissingPairs();
        }
        while (_requests.TryDequeue(out AddressPair pair))
            if (_host.Exchange.Allows(pair))
                _sending.Request(pair);
        if (Interlocked.Exchange(ref _pairsChanged, false))
            _sending.AddMissingPairs();
        while (_busyFlows.TryDequeue(out BusyFlow busy))
            if (_preparation is not null && _sending.TryPrepare(busy, out PreparedNumbers? numbers))
                _preparation.Offer(busy, new NumberSource(numbers));
    }

    private void Apply(EpochChange change, ulong nowUnixNs)
    {
        _flowsInUse = change.Swept.InUse;
        if (change.FormerContext is null)
            return;
        _out.Book.AddFinal(change.FormerContext, change.FormerIndex, change.FormerSealed);
        if (change.Context == change.FormerContext)
            return;
        Report(nowUnixNs); // the last of the old incarnation
        _out.Pump.ContinueAs(Incarnation);
        _out.Book.BeginIncarnation(Incarnation);
    }

    private void Introduce()
    {
        if (_introduced == _sending.NewestAnnouncement)
            return;
        _introduced = _sending.NewestAnnouncement;
        _out.Introduction.Add(_introduced);
    }

    private void Report(ulong nowUnixNs)
    {
        if (_sending.IsFull)
            _limits.SayOnce($"Keys are in use for {_pairs.Limit} address pairs, which is all that fit: packets of other pairs are not measured.");
        if (_receiving.IsFull)
            _limits.SayOnce($"{_receiving.Count} receiving keys are in use, which is all that fit: options of other senders are observed, not accepted.");
        PublishedEpoch current = _sending.Current;
        PathReport paths = _out.Paths.Report();
        CounterReport report = _out.Book.Report(
            _host.Datapath.ReadCounters(), current.Context, current.Index, current.Keys.ReadSealed(), _out.Spool.Lost, nowUnixNs,
            paths.Fallbacks, paths.Returns);
        _limits.Look(report);
        _out.Counters.Offer(report);
        Volatile.Write(ref _status, new AgentStatus(
            _sender.Name, Environment.ProcessId, nowUnixNs, _configuration.Interfaces, [.. _sender.Addresses.Select(address => address.ToString())],
            Incarnation, current.Context.ContextId, current.Keys.Epoch, current.Index, current.Keys.PairCount, _receiving.Count, _flowsInUse,
            _configuration.FlowTableSize, _out.Pump.Seen, _out.Observations.Sent, _out.Spool.Waiting, _out.Link.Trouble, _host.Exchange.Trouble, report, paths));
    }
}
