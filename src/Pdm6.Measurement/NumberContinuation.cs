namespace Pdm6.Measurement;

/// <summary>
/// The numbers of one direction of PDMv1, of 16 bits, continued over their wrap: a number is taken as the nearest to the
/// highest so far.
/// </summary>
public record struct NumberContinuation
{
    /// <summary>Where a direction begins, so that there are numbers for what is earlier.</summary>
    private const uint FirstTurn = 1 << 16;

    private uint _highest;

    /// <summary>Continues a number that this direction sent.</summary>
    public uint Take(ushort number)
    {
        uint nearest = Nearest(number);
        if (_highest == 0 || (int)(nearest - _highest) > 0)
            _highest = nearest;
        return nearest;
    }

    /// <summary>Continues a number of this direction that somebody names.</summary>
    public readonly uint Nearest(ushort number) =>
        _highest == 0 ? FirstTurn + number : _highest + (uint)(short)(ushort)(number - _highest);
}
