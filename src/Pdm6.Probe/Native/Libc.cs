using System.Runtime.InteropServices;

namespace Pdm6.Probe.Native;

/// <summary>The calls of the C library that .NET has no name for. Numbers are those of Linux on 64-bit machines.</summary>
internal static unsafe partial class Libc
{
    internal const int Interrupted = 4; // EINTR
    internal const int TryAgain = 11; // EAGAIN
    internal const int MessageTooLong = 90; // EMSGSIZE
    internal const int NoBufferSpace = 105; // ENOBUFS

    internal const int AddressFamilyInet6 = 10;
    internal const int SocketDatagram = 2;
    internal const int SocketCloseOnExec = 0x80000;
    internal const int SocketNonBlocking = 0x800;

    internal const int SolSocket = 1;
    internal const int SendBuffer = 7;
    internal const int ReceiveBuffer = 8;
    internal const int BindToDevice = 25;
    internal const int SendBufferForce = 32;
    internal const int ReceiveBufferForce = 33;
    internal const int Timestamping = 37; // SO_TIMESTAMPING, and SCM_TIMESTAMPING in a control message
    internal const int MemoryInfo = 55; // SO_MEMINFO

    internal const int SolIpv6 = 41;
    internal const int Ipv6UnicastHops = 16;
    internal const int Ipv6ReceiveErrors = 25;
    internal const int Ipv6Only = 26;
    internal const int Ipv6FlowInfoSend = 33;
    internal const int Ipv6ReceivePacketInfo = 49;
    internal const int Ipv6PacketInfo = 50;
    internal const int Ipv6ReceiveHopLimit = 51;
    internal const int Ipv6HopLimit = 52;
    internal const int Ipv6DoNotFragment = 62;
    internal const int Ipv6ReceiveTrafficClass = 66;
    internal const int Ipv6TrafficClass = 67;

    internal const int MessageTruncated = 0x20;
    internal const int MessageDoNotWait = 0x40;
    internal const int MessageErrorQueue = 0x2000;

    internal const short PollIn = 1;
    internal const int ClockRealtime = 0;
    internal const int ClockMonotonic = 1;
    internal const int SetTimerSlack = 29; // PR_SET_TIMERSLACK

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int bind(int socket, SocketAddress* address, int size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockname(int socket, SocketAddress* address, int* size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setsockopt(int socket, int level, int option, void* value, int size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockopt(int socket, int level, int option, void* value, int* size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int sendmmsg(int socket, BatchMessage* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int recvmmsg(int socket, BatchMessage* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ppoll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint write(int descriptor, void* octets, nint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint read(int descriptor, void* octets, nint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int descriptor);

    [LibraryImport("libc")]
    internal static partial uint if_nametoindex(byte* name);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nuint value, nuint zero3, nuint zero4, nuint zero5);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int adjtimex(KernelClock* clock);

    [LibraryImport("libc")]
    [SuppressGCTransition] // answered in user space, in some 20 ns
    internal static partial int clock_gettime(int clock, TimeSpec* time);

    internal static string LastErrorMessage => Marshal.GetLastPInvokeErrorMessage();
}
