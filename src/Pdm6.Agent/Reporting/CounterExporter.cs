using Pdm6.Export;

namespace Pdm6.Agent.Reporting;

/// <summary>Gives reports to the collector. Of one incarnation only the newest matters; the last report of an
/// incarnation that has ended is not given up for a newer one.</summary>
internal sealed class CounterExporter(CounterBook book, CollectorClient client, CollectorLink link, Introduction introduction)
{
    // An incarnation lives for hours: more than a few that wait means that nobody will ever take them.
    private const int MostIncarnations = 4;

    private readonly Lock _lock = new();
    private readonly List<CounterReport> _waiting = [];
    private readonly Signal _added = new();

    /// <summary>A newer report.</summary>
    internal void Offer(CounterReport report)
    {
        lock (_lock)
        {
            _waiting.RemoveAll(older => older.IncarnationId == report.IncarnationId);
            _waiting.Add(report);
            if (_waiting.Count > MostIncarnations)
                _waiting.RemoveAt(0);
        }
        _added.Set();
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = default;
        while (true)
        {
            await _added.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (await FlushAsync(cancellationToken).ConfigureAwait(false))
                backoff.Reset();
            else
                await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives everything that waits; false if something is left.</summary>
    internal async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        while (Oldest() is { } report)
        {
            CollectorReply reply = link.Note(await client.PostCountersAsync(report, cancellationToken).ConfigureAwait(false));
            bool unknown = reply.Outcome == CollectorOutcome.UnknownAgent, known = introduction.Holds(report.IncarnationId);
            if (unknown && known)
                introduction.Repeat();
            // What nobody will ever take is given up: its options sent in past epochs are in the next report again.
            bool hopeless = reply.Outcome == CollectorOutcome.Refused || unknown && !known;
            if (!reply.IsAccepted && !hopeless)
                return false;
            if (reply.IsAccepted)
                book.Acknowledge(report);
            lock (_lock)
                _waiting.Remove(report);
        }
        return true;
    }

    private CounterReport? Oldest()
    {
        lock (_lock)
            return _waiting.FirstOrDefault();
    }
}
