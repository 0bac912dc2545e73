using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>A flow that sends a lot, and for which nothing is prepared.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Serial">The serial of the epoch under which it took its last number.</param>
/// <param name="Epoch">That epoch, 12 bits.</param>
/// <param name="Carriage">What carried it: <see cref="PacketCarriage.DestoptV2"/> or <see cref="PacketCarriage.UdpOption"/>.</param>
public readonly record struct BusyFlow(FlowKey Flow, ulong Serial, ushort Epoch, PacketCarriage Carriage);
