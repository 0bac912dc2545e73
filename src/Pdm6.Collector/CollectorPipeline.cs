using System.Buffers;
using System.Security.Cryptography;
using Pdm6.Collector.Api;
using Pdm6.Collector.Ingest;
using Pdm6.Collector.Metrics;
using Pdm6.Collector.Opening;
using Pdm6.Collector.Pairing;
using Pdm6.Collector.Probes;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector;

/// <summary>
/// The way of an observation: queue, opening, pairing, windows, store. One loop runs all of it, one message after the
/// other, so nothing in the rooms it joins needs a lock, and what came first counts first.
/// </summary>
internal sealed class CollectorPipeline : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _storeEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _cleanEvery = TimeSpan.FromMinutes(1);

    // Each window may hold three histograms; so many of them are stored without waiting for the second to end.
    private const int MostWindows = 256;

    private readonly IContextSecrets _secrets;
    private readonly IngestQueue _queue;
    private readonly StoreWriter _writer;
    private readonly TimeProvider _time;
    private readonly GroupIndex _groups = new();
    private readonly RunCounters _counters = new();
    private readonly OptionOpener _opener = new(OpenerMode.Analysis);
    private readonly LiveSources _liveSources = new();
    private readonly ConversationBook _conversations = new();
    private readonly List<Announcement> _newAnnouncements = [];
    private readonly List<ReceivedRound> _newRounds = [];
    private readonly List<SealedContext> _newSealed = [];
    private readonly WindowSet _windows;
    private readonly BucketBook _buckets;
    private readonly LossLedger _loss;
    private readonly AgentLedger _agents;
    private readonly ParkedObservations _parked;
    private readonly PairingClock _pairingClock;
    private readonly PairingStage _pairing;
    private readonly OpeningStage _opening;
    private long _storedAt;
    private long _cleanedAt;

    public CollectorPipeline(
        IContextSecrets secrets, TimeSpan retention, IngestQueue queue, StoreWriter writer, TimeProvider time)
    {
        _secrets = secrets;
        _queue = queue;
        _writer = writer;
        _time = time;
        _windows = new WindowSet(_groups, retention);
        _buckets = new BucketBook(_groups);
        _loss = new LossLedger(_groups, time.UnixNs());
        _agents = new AgentLedger(_groups);
        _parked = new ParkedObservations(time);
        _pairingClock = new PairingClock(time.UnixNs());
        _pairing = new PairingStage(_windows, _loss, _conversations, _buckets);
        _opening = new OpeningStage(_opener, _liveSources, _parked, _pairing, _windows, _counters);
        _storedAt = _cleanedAt = time.GetTimestamp();
        SetNow();
    }

    public void Dispose() => _opener.Dispose();

    /// <summary>Goes on where a collector before this one stopped. Before <see cref="RunAsync"/>.</summary>
    public void Restore(StoredRun run)
    {
        foreach (RunCounter counter in Enum.GetValues<RunCounter>())
            _counters[counter] = run.Counters[counter];
        foreach (StoredAgent agent in run.Agents)
        {
            _agents.Restore(agent);
            _loss.Know(agent.Description.Announcement, wasKnownBefore: true);
            _liveSources.Know(agent.Description.Announcement);
            TryAddContext(agent.Description.Announcement);
        }
    }

    /// <summary>Runs until the queue is closed and empty and everything is stored.</summary>
    /// <param name="giveUp">Ends the attempts to store what cannot be stored.</param>
    public async Task RunAsync(CancellationToken giveUp)
    {
        Task<bool> more = _queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        while (true)
        {
            await Task.WhenAny(more, Task.Delay(_tick, _time, giveUp)).ConfigureAwait(false);
            while (_queue.Reader.TryRead(out IngestMessage? message))
            {
                SetNow();
                await HandleAsync(message, giveUp).ConfigureAwait(false);
                if (IsDue(_storedAt, _storeEvery) || _windows.Count > MostWindows)
                    await TickAsync(giveUp).ConfigureAwait(false);
            }
            if (more.IsCompleted)
            {
                if (!await more.ConfigureAwait(false))
                    break;
                more = _queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            }
            SetNow();
            await TickAsync(giveUp).ConfigureAwait(false);
        }
        SetNow();
        await FlushAsync(giveUp).ConfigureAwait(false);
    }

    /// <summary>The conversations with the most packets. Only between two messages: see
    /// <see cref="IngestMessage.Call"/>.</summary>
    public IReadOnlyList<FlowView> BusiestFlows(int limit) => [.. _conversations.Busiest(limit)
        .Select(conversation => FlowView.Of(conversation, _groups.NameOf(conversation.Tag)))];

    private async Task HandleAsync(IngestMessage message, CancellationToken giveUp)
    {
        switch (message)
        {
            case IngestMessage.Agent agent:
                Take(agent.Description);
                break;
            case IngestMessage.Context opened:
                Take(opened.Sealed, opened.BaseSecret);
                break;
            case IngestMessage.Batch batch:
                Take(batch);
                break;
            case IngestMessage.Counters counters:
                Take(counters.Report);
                break;
            case IngestMessage.Probes probes:
                _newRounds.AddRange(probes.Rounds);
                break;
            case IngestMessage.Call call:
                call.Action();
                break;
            case IngestMessage.Flush flush:
                await FlushAsync(giveUp).ConfigureAwait(false);
                flush.Done.TrySetResult();
                break;
        }
    }

    private void Take(AgentDescription description)
    {
        _agents.Put(description, _time.UnixNs());
        _loss.Know(description.Announcement, wasKnownBefore: false);
        _liveSources.Know(description.Announcement);
        if (!TryAddContext(description.Announcement))
            return; // its secret comes sealed
        _newAnnouncements.Add(description.Announcement);
        _opening.RetryParked();
    }

    private void Take(SealedContext context, byte[] baseSecret)
    {
        _opener.Add(context.Announcement, baseSecret);
        CryptographicOperations.ZeroMemory(baseSecret);
        _newAnnouncements.Add(context.Announcement);
        _newSealed.Add(context);
        _opening.RetryParked();
    }

    private void Take(IngestMessage.Batch batch)
    {
        if (_agents.Find(batch.Incarnation) is not { } agent)
        {
            // Forgotten to make room for another, after the listener took the batch.
            _counters[RunCounter.UnknownAgentObservations] += batch.Count;
        }
        else if (!agent.TryTakeBatch(batch.Number, batch.Count, _time.UnixNs()))
            _counters[RunCounter.RepeatedBatches]++;
        else
            _opening.Take(batch.Rented.AsSpan(0, batch.Count), agent);
        ArrayPool<Observation>.Shared.Return(batch.Rented);
    }

    private void Take(CounterReport report)
    {
        ulong now = _time.UnixNs();
        if (_agents.Find(report.IncarnationId) is { } agent
            && agent.TryTakeReport(report, now, _groups, _windows, _counters))
            _loss.Report(report, now);
    }

    private bool TryAddContext(Announcement announcement)
    {
        Span<byte> baseSecret = stackalloc byte[KeyDerivation.SecretSize];
        if (!_secrets.TryGetBaseSecret(announcement, baseSecret))
            return false;
        _opener.Add(announcement, baseSecret);
        CryptographicOperations.ZeroMemory(baseSecret);
        return true;
    }

    private async Task TickAsync(CancellationToken giveUp)
    {
        ulong now = _time.UnixNs();
        _opening.GiveUpExpired();
        _pairing.Advance(_pairingClock.UnixNs);
        if (IsDue(_storedAt, _storeEvery) || _windows.Count > MostWindows)
        {
            _storedAt = _time.GetTimestamp();
            _loss.Advance(now, _windows);
            await StoreAsync(now, giveUp).ConfigureAwait(false);
        }
        if (IsDue(_cleanedAt, _cleanEvery))
        {
            _cleanedAt = _time.GetTimestamp();
            _loss.Settle(now);
            _opener.RemoveEnded(now - LossLedger.SettleAfterNs);
            _liveSources.RemoveEnded(now - LossLedger.SettleAfterNs);
            await _writer.ExpireAsync(now, giveUp).ConfigureAwait(false);
        }
    }

    private async Task FlushAsync(CancellationToken giveUp)
    {
        ulong now = _time.UnixNs();
        _opening.GiveUpAll();
        _pairing.CloseAll();
        _loss.ApplyAll(now, _windows);
        await StoreAsync(now, giveUp).ConfigureAwait(false);
        await _writer.DrainAsync().ConfigureAwait(false);
    }

    private Task StoreAsync(ulong now, CancellationToken giveUp)
    {
        RunCounters counters = _counters.Copy();
        StoreChange change = new(
            now, _windows.Take(), counters, _agents.TakeChanged(), [.. _newAnnouncements], [.. _newSealed], [.. _newRounds]);
        _newAnnouncements.Clear();
        _newSealed.Clear();
        _newRounds.Clear();
        RunSnapshot results = new([], counters, _agents.All(), _buckets.Copy(), _parked.Count, (long)_loss.Refused);
        return _writer.SubmitAsync(change, results, giveUp);
    }

    private void SetNow()
    {
        ulong now = _time.UnixNs();
        _windows.SetNow(now);
        _pairingClock.Advance(now, _agents.ReportedUntil(now));
        _pairing.SetNow(_pairingClock.UnixNs);
    }

    private bool IsDue(long since, TimeSpan period) => _time.GetElapsedTime(since) >= period;
}
