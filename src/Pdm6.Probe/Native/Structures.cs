using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// TimeSpec, IoVector and PollDescriptor stand in Pdm6.Lab, too: the two rooms share Wire only, which calls nothing native.
namespace Pdm6.Probe.Native;

/// <summary>struct timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    internal long Seconds;
    internal long Nanoseconds;

    internal static TimeSpec FromNanoseconds(long nanoseconds) => new()
    {
        Seconds = nanoseconds / 1_000_000_000,
        Nanoseconds = nanoseconds % 1_000_000_000,
    };

    internal readonly long ToNanoseconds() => Seconds * 1_000_000_000 + Nanoseconds;
}

/// <summary>The 16 octets of an address as they stand on the wire.</summary>
[InlineArray(16)]
internal struct AddressOctets
{
    private byte _first;
}

/// <summary>struct sockaddr_in6.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketAddress
{
    internal ushort Family;
    internal ushort PortNetworkOrder;
    internal uint FlowInfoNetworkOrder;
    internal AddressOctets Address;
    internal uint ScopeId;
}

/// <summary>struct in6_pktinfo.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketInfo
{
    internal AddressOctets Address;
    internal int InterfaceIndex;
}

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    internal byte* Base;
    internal nuint Length;
}

/// <summary>struct mmsghdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BatchMessage
{
    internal SocketAddress* Name;
    internal uint NameLength;
    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal byte* Control;
    internal nuint ControlLength;
    internal int Flags;
    internal int Padding;
    internal uint Length;
}

/// <summary>struct cmsghdr; the value follows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    internal nuint Length;
    internal int Level;
    internal int Type;
}

/// <summary>struct sock_extended_err.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ExtendedError
{
    internal uint ErrorNumber;
    internal byte Origin;
    internal byte Type;
    internal byte Code;
    internal byte Padding;
    internal uint Info;
    internal uint Data;
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal int Descriptor;
    internal short Wanted;
    internal short Happened;
}

/// <summary>struct timex, as far as it is read.</summary>
[StructLayout(LayoutKind.Explicit, Size = 208)]
internal struct KernelClock
{
    [FieldOffset(0)] internal uint Modes;
    [FieldOffset(24)] internal long MaximumErrorMicroseconds;
    [FieldOffset(40)] internal int Status;
}
