using Pdm6.Collector.Ingest;
using Pdm6.Collector.Metrics;
using Pdm6.Collector.Opening;
using Pdm6.Collector.Pairing;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>The collector between its listener and its store: opening, pairing, windows, joined as in its pipeline.</summary>
internal sealed class CollectorCore : IDisposable
{
    private readonly GroupIndex _groups = new();
    private readonly OptionOpener _opener = new(OpenerMode.Analysis);
    private readonly WindowSet _windows;
    private readonly PairingStage _pairing;
    private readonly OpeningStage _opening;
    private readonly KnownAgent _agent;

    public CollectorCore(Exchanges exchanges)
    {
        ulong now = exchanges.All[^1].ObservedAtNs;
        _windows = new WindowSet(_groups, TimeSpan.FromHours(1));
        _windows.SetNow(now);
        LossLedger loss = new(_groups, now);
        _pairing = new PairingStage(_windows, loss, new ConversationBook(), new BucketBook(_groups));
        _pairing.SetNow(now);
        _opening = new OpeningStage(_opener, new LiveSources(), new ParkedObservations(TimeProvider.System), _pairing, _windows, Counters);
        foreach (SealingHost host in exchanges.Clients.Append(exchanges.Server))
        {
            _opener.Add(host.Announcement, host.BaseSecret);
            loss.Know(host.Announcement, wasKnownBefore: true);
        }
        Announcement announcement = exchanges.Server.Announcement;
        _agent = new KnownAgent(new AgentDescription("server", announcement.IncarnationId, ["dns"], announcement), _groups);
    }

    public RunCounters Counters { get; } = new();

    /// <summary>One batch, and what the pipeline does every second but for the store.</summary>
    public long Take(ReadOnlySpan<Observation> batch)
    {
        _opening.Take(batch, _agent);
        _pairing.Advance(batch[^1].ObservedAtNs);
        return _windows.Take().Sum(window => (long)(window.Numbers.RoundTrip?.Count ?? 0));
    }

    public void Dispose() => _opener.Dispose();
}
