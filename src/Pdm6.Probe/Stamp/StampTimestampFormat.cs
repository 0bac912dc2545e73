namespace Pdm6.Probe.Stamp;

/// <summary>How STAMP writes an instant into 64 bits (RFC 8762 section 4.2.1; the Z bit of the error estimate).</summary>
public enum StampTimestampFormat
{
    /// <summary>Seconds since 1900 and a binary fraction (RFC 5905).</summary>
    Ntp,
    /// <summary>Seconds and nanoseconds (IEEE 1588, truncated; RFC 8186). Of Unix time, as the hosts' clocks show it.</summary>
    Ptp,
}
