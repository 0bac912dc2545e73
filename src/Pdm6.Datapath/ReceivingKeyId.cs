namespace Pdm6.Datapath;

/// <summary>Which options a receiving key opens.</summary>
/// <param name="Pair">The directed pair as the packets show it: the far end is the source.</param>
/// <param name="Epoch">The 12-bit selector.</param>
/// <param name="Generation">0: the sender's newest context, 1: the one before.</param>
public readonly record struct ReceivingKeyId(AddressPair Pair, ushort Epoch, int Generation);
