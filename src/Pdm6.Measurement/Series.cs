namespace Pdm6.Measurement;

/// <summary>
/// The numbers of one flow in one context, between the lowest and the highest observed (section 8, Series). Which of
/// them came is the <see cref="PacketTable"/>'s knowledge.
/// </summary>
internal struct Series
{
    /// <summary>A jump so far, forward or back, begins a new series.</summary>
    private const int Jump = 1 << 16;

    private UInt128 _context;
    private long _highestEpoch;
    private uint _highest;
    /// <summary>Numbers from the lowest to the highest, both included; 0 for no series.</summary>
    private ulong _span;
    private bool _hasForgotten;
    private uint _highestForgotten;

    /// <summary>The lowest number observed.</summary>
    public readonly uint Lowest => _highest - (uint)(_span - 1);

    /// <summary>True if <paramref name="psntp"/> is lower than <paramref name="other"/> in one series.</summary>
    public static bool IsBehind(uint psntp, uint other) => (int)(psntp - other) is < 0 and > -Jump;

    /// <summary>True if both may be of one series.</summary>
    public static bool IsNear(uint psntp, uint other) => (int)(psntp - other) is < Jump and > -Jump;

    public static Series Begin(UInt128 context, long epochIndex, uint psntp) =>
        new() { _context = context, _highestEpoch = epochIndex, _highest = psntp, _span = 1 };

    /// <summary>
    /// True if the number continues this series. One that runs against the epochs does not: the state of its flow was
    /// removed and reborn in between.
    /// </summary>
    public readonly bool Holds(UInt128 context, long epochIndex, uint psntp)
    {
        int ahead = Ahead(psntp);
        int later = epochIndex.CompareTo(_highestEpoch);
        return _span > 0 && context == _context && IsNear(psntp, _highest)
            && (later == 0 || (ahead != 0 && later > 0 == ahead > 0));
    }

    /// <summary>True if the number follows the highest, in the same epoch.</summary>
    public readonly bool IsNext(UInt128 context, long epochIndex, uint psntp) =>
        psntp == _highest + 1 && _span > 0 && epochIndex == _highestEpoch && context == _context;

    /// <summary>Enters the number that follows the highest, which <see cref="IsNext"/>.</summary>
    public void EnterNext()
    {
        _highest++;
        _span++;
    }

    /// <summary>How far a number is ahead of the highest, in serial-number arithmetic (RFC 1982).</summary>
    public readonly int Ahead(uint psntp) => (int)(psntp - _highest);

    /// <summary>Enters a number that <see cref="Holds"/> and that is not remembered.</summary>
    public PacketClass Enter(long epochIndex, uint psntp, out int lostChange)
    {
        int ahead = Ahead(psntp);
        if (ahead > 0)
        {
            (_highest, _highestEpoch) = (psntp, epochIndex);
            _span += (uint)ahead;
            lostChange = ahead - 1;
            return PacketClass.First;
        }
        if (ahead == 0 || (_hasForgotten && (int)(psntp - _highestForgotten) <= 0))
        {
            lostChange = 0;
            return PacketClass.Late;
        }
        ulong back = (ulong)-(long)ahead;
        if (back < _span)
        {
            lostChange = -1;
        }
        else
        {
            lostChange = (int)(back - _span);
            _span = back + 1;
        }
        return PacketClass.Reordered;
    }

    /// <summary>From now on the number may have come or not: nobody remembers.</summary>
    public void Forget(uint psntp)
    {
        if (_hasForgotten && (int)(psntp - _highestForgotten) <= 0)
            return;
        (_hasForgotten, _highestForgotten) = (true, psntp);
    }
}
