using System.Runtime.InteropServices;

namespace Pdm6.Lab.Native;

/// <summary>The calls of the C library that .NET has no name for. Numbers are those of Linux on 64-bit machines.</summary>
internal static unsafe partial class Libc
{
    internal const int Interrupted = 4; // EINTR
    internal const int TryAgain = 11; // EAGAIN
    internal const int SignalInterrupt = 2;
    internal const int SignalKill = 9;
    internal const int SignalTerminate = 15;
    internal const int OpenReadOnlyCloseOnExec = 0x80000;
    internal const int CloneNewNetwork = 0x40000000;

    internal const int AddressFamilyPacket = 17;
    internal const int SocketRaw = 3;
    internal const int SocketCloseOnExec = 0x80000;
    internal const int SocketNonBlocking = 0x800;
    internal const int SolSocket = 1;
    internal const int SolPacket = 263;
    internal const int SendBufferForce = 32;
    internal const int ReceiveBufferForce = 33;
    internal const int TimestampNs = 35; // SO_TIMESTAMPNS: realtime clock, struct timespec
    internal const int PacketStatistics = 6;
    internal const int PacketVnetHeader = 15;
    internal const int MessageDoNotWait = 0x40;
    internal const short PollIn = 1;
    internal const int ClockRealtime = 0;
    internal const int ClockMonotonic = 1;
    internal const int SetTimerSlack = 29; // PR_SET_TIMERSLACK
    internal const int SchedulerFifo = 1, SchedulerResetOnFork = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setns(int descriptor, int kind);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int bind(int socket, LinkLayerAddress* address, int size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setsockopt(int socket, int level, int option, int* value, int size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockopt(int socket, int level, int option, void* value, int* size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint recvmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint send(int socket, byte* octets, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ppoll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint write(int descriptor, void* octets, nint length);

    [LibraryImport("libc")]
    internal static partial int clock_gettime(int clock, TimeSpec* time);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nuint value, nuint zero3, nuint zero4, nuint zero5);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int sched_setscheduler(int thread, int policy, int* priority);

    [LibraryImport("libc")]
    internal static partial uint if_nametoindex(byte* name);

    internal static string LastErrorMessage => Marshal.GetLastPInvokeErrorMessage();

    internal static long NowNs(int clock)
    {
        TimeSpec now;
        _ = clock_gettime(clock, &now); // cannot fail for the two clocks above
        return now.ToNanoseconds();
    }
}
