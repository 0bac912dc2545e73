namespace Pdm6.Probe.Stamp;

/// <summary>Converts between Unix time and the 64 bits on the wire.</summary>
internal static class StampTimestamp
{
    private const ulong NsPerSecond = 1_000_000_000;
    private const ulong UnixEpochInNtp = 2_208_988_800; // seconds from 1900 to 1970

    internal static ulong Write(ulong unixNs, StampTimestampFormat format)
    {
        (ulong seconds, ulong ns) = Math.DivRem(unixNs, NsPerSecond);
        // Rounded up: reading truncates, so that what was written is read again to the nanosecond.
        return format == StampTimestampFormat.Ptp
            ? seconds << 32 | ns
            : (seconds + UnixEpochInNtp) << 32 | ((ns << 32) + NsPerSecond - 1) / NsPerSecond;
    }

    /// <summary>
    /// Reads an instant. Its 32 bits of seconds come round every 136 years (NTP in 2036): of all instants that they can
    /// mean, the one nearest to <paramref name="nearUnixNs"/> is taken.
    /// </summary>
    internal static ulong Read(ulong octets, StampTimestampFormat format, ulong nearUnixNs)
    {
        uint seconds = (uint)(octets >> 32);
        ulong ns = format == StampTimestampFormat.Ptp ? (uint)octets : (octets & uint.MaxValue) * NsPerSecond >> 32;
        if (format == StampTimestampFormat.Ntp)
            seconds -= unchecked((uint)UnixEpochInNtp);
        ulong near = nearUnixNs / NsPerSecond;
        long ahead = (int)(seconds - (uint)near);
        return (ulong)((long)near + ahead) * NsPerSecond + ns;
    }
}
