using System.Runtime.InteropServices;

namespace Pdm6.Probe.Native;

/// <summary>Waits until a socket has something to read, an instant comes, or somebody calls <see cref="WakeUp"/>.</summary>
internal sealed unsafe class SocketWait : IDisposable
{
    private readonly int _socket;
    private readonly int _wakeUp;

    internal SocketWait(DatagramSocket socket)
    {
        _socket = socket.Descriptor;
        _wakeUp = Libc.eventfd(0, Libc.SocketNonBlocking | Libc.SocketCloseOnExec);
        if (_wakeUp < 0)
            throw new ProbeException($"No event descriptor: {Libc.LastErrorMessage}.");
    }

    /// <summary>Lets the calling thread's waits end when they are due and not up to 50 us later.</summary>
    internal static void PrepareThread() => _ = Libc.prctl(Libc.SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Ends the current wait and all later ones at once, until <see cref="Calm"/>.</summary>
    internal void WakeUp()
    {
        ulong one = 1;
        _ = Libc.write(_wakeUp, &one, sizeof(ulong));
    }

    /// <summary>Forgets all calls of <see cref="WakeUp"/> so far.</summary>
    internal void Calm()
    {
        ulong count;
        _ = Libc.read(_wakeUp, &count, sizeof(ulong));
    }

    /// <summary>Waits, at most until the monotonic clock shows <paramref name="untilNs"/>; without end if it is null.</summary>
    /// <exception cref="ProbeException">The system refused to wait.</exception>
    internal void Wait(long? untilNs)
    {
        PollDescriptor* descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new PollDescriptor { Descriptor = _socket, Wanted = Libc.PollIn };
        descriptors[1] = new PollDescriptor { Descriptor = _wakeUp, Wanted = Libc.PollIn };
        TimeSpec time = TimeSpec.FromNanoseconds(untilNs is { } until ? Math.Max(0, until - SystemClock.MonotonicNs) : 0);
        if (Libc.ppoll(descriptors, 2, untilNs is null ? null : &time, null) < 0
            && Marshal.GetLastPInvokeError() is var error and not Libc.Interrupted)
            throw new ProbeException($"Waiting failed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public void Dispose() => _ = Libc.close(_wakeUp);
}
