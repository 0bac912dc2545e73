using System.Numerics;

namespace Pdm6.Security;

/// <summary>
/// Which numbers of one sender were accepted, for a receiver that must take each only once although they arrive out of
/// order (the anti-replay algorithm of RFC 6479). Numbers up to <see cref="Size"/> below the highest accepted one are
/// remembered one by one; older ones are refused. A window that is thrown away forgets: who bounds how many he keeps needs
/// another bound on age, such as the frame's time stamp. Ask and accept only after the tag was checked: else anybody could
/// push the window ahead of the sender. Not for several threads.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>The size of a window made without one: some 10 ms of a million frames a second.</summary>
    public const int DefaultSize = 8128;
    /// <summary>The largest size.</summary>
    public const int LargestSize = (1 << 20) - BitsOfBlock;

    private const int BitsOfBlock = 64;

    // A ring of blocks, one more than the window needs: moving ahead clears whole blocks instead of shifting bits.
    private readonly ulong[] _blocks;
    private ulong _highest;

    /// <summary>A window that has accepted nothing.</summary>
    /// <param name="size">How many numbers it must at least remember, from 1 to <see cref="LargestSize"/>; rounded
    /// up.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another size.</exception>
    public ReplayWindow(int size = DefaultSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        int needed = (size + BitsOfBlock - 1) / BitsOfBlock + 1;
        _blocks = new ulong[BitOperations.RoundUpToPowerOf2((uint)needed)];
    }

    /// <summary>How many numbers are remembered, counted down from the highest accepted one.</summary>
    public int Size => (_blocks.Length - 1) * BitsOfBlock;

    /// <summary>True if <see cref="TryAccept"/> would say so; changes nothing.</summary>
    public bool WouldAccept(ulong number) =>
        number > _highest || (_highest - number < (ulong)Size && (BlockOf(number) & BitOf(number)) == 0);

    /// <summary>Accepts a number, unless it was accepted before or is too old to tell.</summary>
    public bool TryAccept(ulong number)
    {
        if (!WouldAccept(number))
            return false;
        if (number > _highest)
            MoveTo(number);
        BlockOf(number) |= BitOf(number);
        return true;
    }

    private void MoveTo(ulong number)
    {
        ulong block = _highest / BitsOfBlock;
        ulong fresh = Math.Min(number / BitsOfBlock - block, (ulong)_blocks.Length);
        // Everything between is new; beyond a whole round of the ring there is nothing left to clear.
        for (ulong i = 1; i <= fresh; i++)
            _blocks[(block + i) & (ulong)(_blocks.Length - 1)] = 0;
        _highest = number;
    }

    private ref ulong BlockOf(ulong number) => ref _blocks[number / BitsOfBlock & (ulong)(_blocks.Length - 1)];

    private static ulong BitOf(ulong number) => 1UL << (int)(number % BitsOfBlock);
}
