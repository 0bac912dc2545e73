using Pdm6.Export;

namespace Pdm6.Agent.Reporting;

/// <summary>Takes batches out of the spool, in order, and gives them to the collector until it has them.</summary>
internal sealed class ObservationExporter(ObservationSpool spool, CollectorClient client, CollectorLink link, Introduction introduction)
{
    private long _sent;

    /// <summary>Observations that the collector has taken.</summary>
    internal long Sent => Interlocked.Read(ref _sent);

    /// <summary>Runs until the spool is complete and empty.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = default;
        while (await spool.PeekAsync(cancellationToken).ConfigureAwait(false) is { } batch)
        {
            CollectorReply reply = link.Note(await client.PostObservationsAsync(batch.Octets, cancellationToken).ConfigureAwait(false));
            switch (reply.Outcome)
            {
                case CollectorOutcome.Accepted:
                    spool.Remove(batch);
                    Interlocked.Add(ref _sent, batch.Count);
                    backoff.Reset();
                    continue;
                case CollectorOutcome.Refused:
                case CollectorOutcome.UnknownAgent when !introduction.Holds(batch.Incarnation):
                    spool.Discard(batch); // the same again would be answered the same again
                    continue;
                case CollectorOutcome.UnknownAgent:
                    introduction.Repeat();
                    break;
                case CollectorOutcome.Busy:
                case CollectorOutcome.Unreachable:
                case CollectorOutcome.NotTheCollector:
                    break;
                default:
                    throw new InvalidOperationException($"There is no outcome {reply.Outcome}.");
            }
            await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
        }
    }
}
