namespace Pdm6.Datapath;

/// <summary>The mark that a packet must have: what SO_MARK, nftables or ip6tables set.</summary>
/// <param name="Value">What the mark must be in the bits of <paramref name="Mask"/>; no other bits are set.</param>
/// <param name="Mask">Bits that are looked at; 0: any mark fits.</param>
public readonly record struct PacketMark(uint Value, uint Mask)
{
    /// <summary>Is this such a mark?</summary>
    public bool Fits(uint mark) => (mark & Mask) == Value;
}
