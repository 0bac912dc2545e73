using Pdm6.Security;

namespace Pdm6.Agent.Reporting;

/// <summary>Observations on their way to the collector. Two batches are never the same.</summary>
/// <param name="incarnation">Whose.</param>
/// <param name="octets">As <see cref="Export.ObservationBatch"/> writes them.</param>
/// <param name="count">How many observations.</param>
internal sealed class Batch(IncarnationId incarnation, byte[] octets, int count)
{
    internal IncarnationId Incarnation { get; } = incarnation;
    internal byte[] Octets { get; } = octets;
    internal int Count { get; } = count;
}
