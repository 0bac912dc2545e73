using Pdm6.Collector.Probes;
using Pdm6.Collector.Secrets;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Ingest;

/// <summary>What goes down the pipeline, in the order in which it came.</summary>
internal abstract record IngestMessage
{
    /// <summary>A valid description that the registry took.</summary>
    public sealed record Agent(AgentDescription Description) : IngestMessage;

    /// <summary>A context that was announced to us under seal, and its base secret, which whoever takes the message
    /// zeroes.</summary>
    public sealed record Context(SealedContext Sealed, byte[] BaseSecret) : IngestMessage;

    /// <summary>A valid report.</summary>
    public sealed record Counters(CounterReport Report) : IngestMessage;

    /// <summary>A well-formed batch. The array is rented from the shared pool; whoever takes the message gives it
    /// back.</summary>
    public sealed record Batch(IncarnationId Incarnation, ulong Number, Observation[] Rented, int Count) : IngestMessage;

    /// <summary>Rounds of probing that the gate admitted.</summary>
    public sealed record Probes(IReadOnlyList<ReceivedRound> Rounds) : IngestMessage;

    /// <summary>Run this between two other messages.</summary>
    public sealed record Call(Action Action) : IngestMessage;

    /// <summary>Bring everything that came before into the stored results, idle or not, then complete.</summary>
    public sealed record Flush(TaskCompletionSource Done) : IngestMessage;
}
