using System.Runtime.InteropServices;

namespace Pdm6.Lab.Native;

/// <summary>
/// Waits for sockets or for an instant, whichever is first, to within some microseconds: sleeps until shortly before the
/// instant and watches the clock for the rest.
/// </summary>
internal sealed unsafe class PreciseWait : IDisposable
{
    private const long SpinNs = 60_000;
    private readonly PollDescriptor[] _descriptors;
    private readonly int _wakeUp;

    internal PreciseWait(params int[] descriptors)
    {
        _wakeUp = Libc.eventfd(0, Libc.SocketNonBlocking | Libc.SocketCloseOnExec);
        if (_wakeUp < 0)
            throw new LaboratoryException($"No event descriptor: {Libc.LastErrorMessage}.");
        _descriptors = [.. descriptors.Append(_wakeUp).Select(d => new PollDescriptor { Descriptor = d, Wanted = Libc.PollIn })];
    }

    /// <summary>
    /// Makes the calling thread one that is woken at once: no timer slack, and ahead of ordinary threads where the
    /// system allows it. Threads and programs that it starts, also those of the runtime's pool, are ordinary again: a
    /// spinning thread ahead of all others would take a processor away.
    /// </summary>
    internal static void PrepareThread()
    {
        _ = Libc.prctl(Libc.SetTimerSlack, 1, 0, 0, 0);
        int priority = 1;
        _ = Libc.sched_setscheduler(0, Libc.SchedulerFifo | Libc.SchedulerResetOnFork, &priority);
    }

    /// <summary>Ends the current wait and all later ones at once.</summary>
    internal void WakeUp()
    {
        ulong one = 1;
        _ = Libc.write(_wakeUp, &one, sizeof(ulong));
    }

    /// <summary>Waits until a socket has something to read, <see cref="WakeUp"/>, or the monotonic clock shows
    /// <paramref name="untilNs"/>; without an instant if it is null.</summary>
    internal void Wait(long? untilNs)
    {
        if (untilNs is not { } until)
        {
            Poll(null);
            return;
        }
        long left = until - Libc.NowNs(Libc.ClockMonotonic);
        if (left > SpinNs)
        {
            TimeSpec time = TimeSpec.FromNanoseconds(left - SpinNs);
            Poll(&time);
            return;
        }
        while (Libc.NowNs(Libc.ClockMonotonic) < until)
        {
        }
    }

    public void Dispose() => _ = Libc.close(_wakeUp);

    private void Poll(TimeSpec* time)
    {
        fixed (PollDescriptor* descriptors = _descriptors)
        {
            if (Libc.ppoll(descriptors, (nuint)_descriptors.Length, time, null) < 0
                && Marshal.GetLastPInvokeError() != Libc.Interrupted)
                throw new LaboratoryException($"Waiting failed: {Libc.LastErrorMessage}.");
        }
    }
}
