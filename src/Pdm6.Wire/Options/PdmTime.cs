using System.Numerics;

namespace Pdm6.Wire;

/// <summary>
/// A PDM delta time: <c>Value &lt;&lt; Scale</c> attoseconds (RFC 8250 section 3.2.1). An encoded delta is short of
/// the true one by less than 2^Scale attoseconds.
/// </summary>
public readonly record struct PdmTime(ushort Value, byte Scale)
{
    private const ulong AttosecondsPerNanosecond = 1_000_000_000;

    /// <summary>True for a delta that says "no time was taken".</summary>
    public bool IsZero => Value == 0;

    /// <summary>
    /// The normalised, truncated encoding of <paramref name="nanoseconds"/>: the smallest scale for which the value
    /// fits 16 bits.
    /// </summary>
    public static PdmTime FromNanoseconds(ulong nanoseconds)
    {
        UInt128 attoseconds = (UInt128)nanoseconds * AttosecondsPerNanosecond;
        int scale = Math.Max(0, 128 - (int)UInt128.LeadingZeroCount(attoseconds) - 16);
        return new PdmTime((ushort)(attoseconds >> scale), (byte)scale);
    }

    /// <summary>The delta in nanoseconds, truncated, saturating at 2^63-1 for every scale that would pass it.</summary>
    public long ToNanoseconds()
    {
        if (Value == 0)
            return 0;
        int bits = BitOperations.Log2(Value) + 1 + Scale;
        // 2^63 ns is just under 2^93 attoseconds: more bits saturate anyway, fewer cannot overflow what follows.
        if (bits > 94)
            return long.MaxValue;
        if (bits <= 64)
            return (long)(((ulong)Value << Scale) / AttosecondsPerNanosecond);
        UInt128 nanoseconds = ((UInt128)Value << Scale) / AttosecondsPerNanosecond;
        return nanoseconds > long.MaxValue ? long.MaxValue : (long)nanoseconds;
    }

    /// <summary>The most by which the true time can exceed <see cref="ToNanoseconds"/>: less than 2^Scale attoseconds
    /// that the encoding cut off, and less than a nanosecond that the decoding cut off, together rounded up; saturating
    /// at 2^63-1.</summary>
    public long UncertaintyNanoseconds()
    {
        const ulong Rounding = 2 * (AttosecondsPerNanosecond - 1);
        // Both are whole attoseconds: at most 2^Scale - 1 and 10^9 - 1.
        if (Scale < 64)
            return (long)(((1UL << Scale) - 1 + Rounding) / AttosecondsPerNanosecond);
        // 2^92 as are less than 2^63 ns, 2^93 are more.
        return Scale > 92
            ? long.MaxValue
            : (long)(((UInt128.One << Scale) - 1 + Rounding) / AttosecondsPerNanosecond);
    }
}
