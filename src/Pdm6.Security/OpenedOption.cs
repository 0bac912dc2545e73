using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>An authentic option.</summary>
/// <param name="Context">The context whose key opened it.</param>
/// <param name="Incarnation">The sender's incarnation.</param>
/// <param name="EpochIndex">The index in the context's timetable.</param>
/// <param name="Epoch">The 12-bit epoch.</param>
/// <param name="Psntp">Packet Sequence Number This Packet.</param>
/// <param name="Metrics">What was sealed.</param>
public readonly record struct OpenedOption(
    ContextId Context, IncarnationId Incarnation, long EpochIndex, ushort Epoch, uint Psntp, PdmMetrics Metrics);
