namespace Pdm6.Capture;

/// <summary>
/// The unit of an interface's time stamps: if_tsresol and if_tsoffset of pcapng (section 4.2, Interface Description
/// Block Options).
/// </summary>
/// <param name="Resolution">A negative power of 10, or of 2 if the top bit is set.</param>
/// <param name="OffsetSeconds">To be added to every time stamp.</param>
internal readonly record struct TimestampUnit(byte Resolution, long OffsetSeconds)
{
    public static TimestampUnit Microseconds { get; } = new(6, 0);
    public static TimestampUnit Nanoseconds { get; } = new(9, 0);

    private const int NanosecondDigits = 9;
    private const int MicrosecondDigits = 6;
    private const ulong NanosecondsPerMicrosecond = 1_000;
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    /// <summary>More digits, or bits, than this leave nothing of a 64-bit time stamp.</summary>
    private const int MostDigits = 28;
    private const int MostBits = 94;

    /// <summary>Unix nanoseconds; 0 for what lies before 1970 or cannot be told in 64 bits.</summary>
    public ulong ToNanoseconds(ulong timestamp)
    {
        if (OffsetSeconds == 0 && Resolution == NanosecondDigits)
            return timestamp;
        if (OffsetSeconds == 0 && Resolution == MicrosecondDigits && timestamp <= ulong.MaxValue / NanosecondsPerMicrosecond)
            return timestamp * NanosecondsPerMicrosecond;
        Int128 nanoseconds = (Int128)Scale(timestamp) + (Int128)OffsetSeconds * NanosecondsPerSecond;
        return nanoseconds < 0 || nanoseconds > ulong.MaxValue ? 0 : (ulong)nanoseconds;
    }

    private UInt128 Scale(ulong timestamp)
    {
        int exponent = Resolution & 0x7f;
        if ((Resolution & 0x80) != 0)
            return exponent > MostBits ? 0 : (UInt128)timestamp * NanosecondsPerSecond >> exponent;
        if (exponent <= NanosecondDigits)
            return timestamp * PowerOf10(NanosecondDigits - exponent);
        return exponent > MostDigits ? 0 : timestamp / PowerOf10(exponent - NanosecondDigits);
    }

    private static UInt128 PowerOf10(int exponent)
    {
        UInt128 power = 1;
        for (int i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
