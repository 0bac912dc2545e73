namespace Pdm6.Lab;

/// <summary>What the relay decided about one packet.</summary>
/// <param name="Ordinal">Number of the packet in its direction, from 1, in the order of coming in.</param>
/// <param name="Copy">0 for the packet, 1 for its duplicate.</param>
/// <param name="HeldBack">It was kept longer so that others overtake it.</param>
/// <param name="TamperedBit">The bit of the option that was flipped, counted from the most significant bit of its first
/// octet; -1 for none.</param>
/// <param name="ArrivedAtUnixNs">The kernel's time stamp of its coming in.</param>
/// <param name="Facts">What the packet is.</param>
internal readonly record struct Decision(
    long Ordinal, int Copy, bool HeldBack, int TamperedBit, long ArrivedAtUnixNs, FrameFacts Facts);
