using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>
/// The latest packet of a direction by which its receiver could tell a round trip without sending once more
/// (docs/decisions/0003).
/// </summary>
/// <param name="Psntp">The packet's number.</param>
/// <param name="TimedPsntp">The receiver's number that it answers.</param>
/// <param name="SinceSentNs">From sending that number to receiving this packet, at the receiver.</param>
/// <param name="DeltaTimeLastReceived">From receiving that number to sending this packet, at the sender.</param>
/// <param name="ObservedAtNs">When the receiver saw it.</param>
internal readonly record struct ClosingExchange(
    uint Psntp, uint TimedPsntp, ulong SinceSentNs, PdmTime DeltaTimeLastReceived, ulong ObservedAtNs);
