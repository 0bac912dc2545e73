using Pdm6.Security;

namespace Pdm6.Export;

/// <summary>The front of an <see cref="ObservationBatch"/>.</summary>
/// <param name="Incarnation">The agent that observed.</param>
/// <param name="Number">Number of the batch, unique within the incarnation.</param>
/// <param name="Count">Observations that follow.</param>
public readonly record struct ObservationBatchHeader(IncarnationId Incarnation, ulong Number, int Count);
