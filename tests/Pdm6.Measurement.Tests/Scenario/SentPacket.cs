using Pdm6.Wire;

namespace Pdm6.Measurement.Tests.Scenario;

/// <summary>A packet as its sender made it, with what only the sender knows.</summary>
internal sealed record SentPacket(
    FlowKey Flow, UInt128 Context, long EpochIndex, uint Psntp, PdmMetrics Metrics, ulong SentAtNs,
    ushort PayloadLength, uint TcpSequence = 0, ushort Checksum = 0, byte TcpFlags = 0);
