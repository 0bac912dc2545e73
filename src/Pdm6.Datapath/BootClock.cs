using System.Runtime.InteropServices;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// The boot clock (CLOCK_BOOTTIME): runs on through suspend, is never set, and is what the kernel programs read. Unix
/// time may jump; its distance to the boot clock is measured where one must be turned into the other.
/// </summary>
public static class BootClock
{
    private const int Attempts = 5;

    /// <summary>Nanoseconds since boot.</summary>
    public static ulong NowNs => Read(Libc.ClockBoottime);

    /// <summary>
    /// Unix time minus boot time, right to within a few hundred nanoseconds: of five readings of both clocks the one
    /// that took the least time.
    /// </summary>
    public static long UnixMinusBootNs()
    {
        ulong best = ulong.MaxValue;
        long difference = 0;
        for (int i = 0; i < Attempts; i++)
        {
            ulong before = Read(Libc.ClockBoottime);
            ulong unix = Read(Libc.ClockRealtime);
            ulong after = Read(Libc.ClockBoottime);
            if (after - before >= best)
                continue;
            best = after - before;
            difference = (long)unix - (long)(before + best / 2);
        }
        return difference;
    }

    private static unsafe ulong Read(int clock)
    {
        Libc.TimeSpecification time;
        if (Libc.clock_gettime(clock, &time) != 0)
            throw DatapathException.FromErrno(Marshal.GetLastPInvokeError(), "Reading the clock");
        return (ulong)time.Seconds * 1_000_000_000 + (ulong)time.Nanoseconds;
    }
}
