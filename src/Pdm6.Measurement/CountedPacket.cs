using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>One observed packet with its place in its series.</summary>
/// <param name="Flow">The flow of the packet.</param>
/// <param name="Tag">The conversation's tag.</param>
/// <param name="Context">The sender's context.</param>
/// <param name="EpochIndex">Index of the epoch in the context's timetable.</param>
/// <param name="Psntp">Packet Sequence Number This Packet.</param>
/// <param name="ObservedAtNs">Unix time at the observer, nanoseconds.</param>
/// <param name="Class">First copy, further copy or something else.</param>
/// <param name="BeganSeries">The packet began a new series: the flow's first, a new context, or a jump.</param>
/// <param name="LostChange">By how much the packet changes the count of numbers missing between the first and the last
/// of the series: up by the numbers it jumped over, down by 1 when it fills a gap.</param>
/// <param name="HopLimit">Hop limit as received.</param>
public readonly record struct CountedPacket(
    FlowKey Flow, int Tag, UInt128 Context, long EpochIndex, uint Psntp, ulong ObservedAtNs, PacketClass Class,
    bool BeganSeries, int LostChange, byte HopLimit)
{
    /// <summary>True for the first copy of a number: what enters the numbers once.</summary>
    public bool IsDistinct => Class is PacketClass.First or PacketClass.Reordered;

    /// <summary>Routers passed, inferred from the hop limit (see <see cref="HopCount"/>).</summary>
    public int Hops => HopCount.Infer(HopLimit);
}
