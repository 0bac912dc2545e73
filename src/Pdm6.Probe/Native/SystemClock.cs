namespace Pdm6.Probe.Native;

/// <summary>The clocks of this host.</summary>
internal static unsafe class SystemClock
{
    private const int NotSynchronised = 0x40; // STA_UNSYNC
    private const long NsPerMicrosecond = 1_000;

    /// <summary>Nanoseconds since the Unix epoch: the clock of the kernel's packet time stamps.</summary>
    internal static ulong UnixNs => (ulong)Read(Libc.ClockRealtime);

    /// <summary>Nanoseconds of a clock that nobody sets.</summary>
    internal static long MonotonicNs => Read(Libc.ClockMonotonic);

    /// <summary>
    /// By how much <see cref="UnixNs"/> is off at most, as the kernel was told by what sets its clock (adjtimex(2),
    /// maxerror); null if nothing does.
    /// </summary>
    internal static long? ErrorBoundNs()
    {
        KernelClock clock = default; // no modes: only asks
        return Libc.adjtimex(&clock) < 0 || (clock.Status & NotSynchronised) != 0
            ? null
            : clock.MaximumErrorMicroseconds * NsPerMicrosecond;
    }

    private static long Read(int clock)
    {
        TimeSpec now;
        _ = Libc.clock_gettime(clock, &now); // cannot fail for these clocks
        return now.ToNanoseconds();
    }
}
