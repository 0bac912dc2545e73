namespace Pdm6.Probe.Stamp;

/// <summary>
/// The error estimate of a STAMP packet (RFC 4656 section 4.1.2, RFC 8186 section 2): by how much the clock may be off,
/// whether something external sets it, and how its instants are written.
/// <code>
/// |S|Z|   Scale   |   Multiplier  |      error = Multiplier * 2^Scale * 2^-32 seconds
/// </code>
/// </summary>
/// <param name="Value">The 16 bits.</param>
internal readonly record struct StampErrorEstimate(ushort Value)
{
    private const ushort Synchronised = 0x8000, PtpFormat = 0x4000;
    private const int LargestScale = 63;
    private const double UnitsPerNs = 4.294967296; // of 2^-32 seconds

    internal StampTimestampFormat Format => (Value & PtpFormat) != 0 ? StampTimestampFormat.Ptp : StampTimestampFormat.Ntp;

    /// <summary>The error bound, nanoseconds; null if the clock is not set from outside.</summary>
    internal long? ErrorNs
    {
        get
        {
            if ((Value & Synchronised) == 0)
                return null;
            double ns = Math.ScaleB(Value & 0xff, Value >> 8 & LargestScale) / UnitsPerNs;
            return ns < long.MaxValue ? (long)Math.Ceiling(ns) : long.MaxValue;
        }
    }

    /// <summary>The smallest error that can be written and is not below the true one. The multiplier is never 0.</summary>
    internal static StampErrorEstimate Create(long? errorNs, StampTimestampFormat format)
    {
        ushort flags = (ushort)((errorNs is null ? 0 : Synchronised) | (format == StampTimestampFormat.Ptp ? PtpFormat : 0));
        double units = Math.Max(1, Math.Ceiling((errorNs ?? 0) * UnitsPerNs));
        int scale = 0;
        for (; units > byte.MaxValue && scale < LargestScale; scale++)
            units = Math.Ceiling(units / 2);
        return new StampErrorEstimate((ushort)(flags | scale << 8 | (int)Math.Min(units, byte.MaxValue)));
    }
}
