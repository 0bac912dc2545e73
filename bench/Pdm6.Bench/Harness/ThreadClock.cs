using System.Runtime.InteropServices;

namespace Pdm6.Bench;

/// <summary>What the calling thread itself used of the processor, on a machine that others use too.</summary>
internal static unsafe partial class ThreadClock
{
    private const int ThreadCpuTime = 3, ThisThread = 1, Children = -1;
    // struct rusage: two struct timeval, then 14 longs, of which the last two count context switches.
    private const int UsageWords = 18, VoluntarySwitches = 16, InvoluntarySwitches = 17;

    /// <summary>Processor time of this thread; it stands still while another runs.</summary>
    public static long CpuNs()
    {
        long* time = stackalloc long[2];
        Require(clock_gettime(ThreadCpuTime, time));
        return time[0] * 1_000_000_000 + time[1];
    }

    /// <summary>Processor time of all processes that this one started and that have ended.</summary>
    public static long ChildrenCpuNs()
    {
        long* usage = stackalloc long[UsageWords];
        Require(getrusage(Children, usage));
        return (usage[0] + usage[2]) * 1_000_000_000 + (usage[1] + usage[3]) * 1_000;
    }

    /// <summary>How often this thread was taken off its processor. Same number before and after: it was not.</summary>
    public static long Switches()
    {
        long* usage = stackalloc long[UsageWords];
        Require(getrusage(ThisThread, usage));
        return usage[VoluntarySwitches] + usage[InvoluntarySwitches];
    }

    /// <summary>Runs <paramref name="work"/> and returns its processor time, nanoseconds.</summary>
    public static long Measure(Action work)
    {
        long start = CpuNs();
        work();
        return CpuNs() - start;
    }

    private static void Require(int result)
    {
        if (result != 0)
            throw new BenchException($"The thread's times cannot be read: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, long* time);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrusage(int whose, long* usage);
}
