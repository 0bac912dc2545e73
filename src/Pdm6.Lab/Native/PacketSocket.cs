using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pdm6.Lab.Native;

/// <summary>
/// A raw packet socket on one interface (packet(7)) whose frames begin with a virtio-net header, so that super-packets
/// and checksums that the sender left to its interface come in and go out as they are.
/// </summary>
internal sealed unsafe class PacketSocket : IDisposable
{
    /// <summary>Octets of struct virtio_net_hdr, in front of every frame.</summary>
    internal const int VnetHeaderSize = 10;

    /// <summary>A super-packet with its link header and virtio-net header fits.</summary>
    internal const int LargestFrame = 65536 + 256;

    private const ushort EtherTypeIpv6 = 0x86dd;
    private const int BufferOctets = 64 << 20;

    private long _drops;

    private PacketSocket(int descriptor) => Descriptor = descriptor;

    internal int Descriptor { get; }

    /// <summary>Opens a socket that gets the IPv6 frames coming in at <paramref name="interfaceName"/>.</summary>
    /// <exception cref="MissingPrerequisiteException">No such interface, or no right to open it.</exception>
    internal static PacketSocket Open(string interfaceName)
    {
        uint index;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(interfaceName + "\0"))
            index = Libc.if_nametoindex(name);
        if (index == 0)
            throw new MissingPrerequisiteException($"There is no network interface '{interfaceName}' here. 'ip link' lists them.");
        // Protocol 0 until it is bound: nothing from another interface may come in before.
        int descriptor = Libc.socket(
            Libc.AddressFamilyPacket, Libc.SocketRaw | Libc.SocketCloseOnExec | Libc.SocketNonBlocking, 0);
        if (descriptor < 0)
            throw new MissingPrerequisiteException($"A packet socket needs root (CAP_NET_RAW): {Libc.LastErrorMessage}.");
        PacketSocket opened = new(descriptor);
        try
        {
            opened.Set(Libc.SolPacket, Libc.PacketVnetHeader, 1);
            opened.Set(Libc.SolSocket, Libc.TimestampNs, 1);
            opened.Set(Libc.SolSocket, Libc.ReceiveBufferForce, BufferOctets);
            opened.Set(Libc.SolSocket, Libc.SendBufferForce, BufferOctets);
            LinkLayerAddress address = new()
            {
                Family = Libc.AddressFamilyPacket,
                ProtocolNetworkOrder = BinaryPrimitives.ReverseEndianness(EtherTypeIpv6),
                InterfaceIndex = (int)index,
            };
            return Libc.bind(descriptor, &address, sizeof(LinkLayerAddress)) == 0
                ? opened
                : throw new LaboratoryException($"'{interfaceName}' cannot be listened on: {Libc.LastErrorMessage}.");
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes the next frame, or returns 0 if there is none. <paramref name="packetType"/> is sll_pkttype;
    /// <paramref name="arrivedAtUnixNs"/> is the kernel's time stamp.
    /// </summary>
    /// <exception cref="LaboratoryException">The interface is gone.</exception>
    internal int Receive(Span<byte> frame, out byte packetType, out long arrivedAtUnixNs)
    {
        LinkLayerAddress from;
        TimestampControl control;
        nint length;
        fixed (byte* octets = frame)
        {
            IoVector vector = new() { Base = octets, Length = (nuint)frame.Length };
            MessageHeader message = new()
            {
                Name = &from,
                NameLength = sizeof(LinkLayerAddress),
                Vectors = &vector,
                VectorCount = 1,
                Control = &control,
                ControlLength = (nuint)sizeof(TimestampControl),
            };
            length = Libc.recvmsg(Descriptor, &message, Libc.MessageDoNotWait);
            arrivedAtUnixNs = message.ControlLength >= (nuint)sizeof(TimestampControl)
                ? control.Time.ToNanoseconds()
                : Libc.NowNs(Libc.ClockRealtime);
        }
        packetType = from.PacketType;
        if (length > 0)
            return (int)length;
        int error = Marshal.GetLastPInvokeError();
        return error is Libc.TryAgain or Libc.Interrupted
            ? 0
            : throw new LaboratoryException($"Receiving failed: {Libc.LastErrorMessage}.");
    }

    /// <summary>Sends a frame; false if the kernel does not take it.</summary>
    internal bool TrySend(ReadOnlySpan<byte> frame)
    {
        fixed (byte* octets = frame)
            return Libc.send(Descriptor, octets, frame.Length, Libc.MessageDoNotWait) == frame.Length;
    }

    /// <summary>Frames that the kernel dropped because the socket's buffer was full, since it was opened.</summary>
    internal long Drops()
    {
        PacketStatistics statistics;
        int size = sizeof(PacketStatistics);
        // Reading sets the kernel's numbers to 0.
        if (Libc.getsockopt(Descriptor, Libc.SolPacket, Libc.PacketStatistics, &statistics, &size) == 0)
            _drops += statistics.Drops;
        return _drops;
    }

    public void Dispose() => _ = Libc.close(Descriptor);

    private void Set(int level, int option, int value)
    {
        if (Libc.setsockopt(Descriptor, level, option, &value, sizeof(int)) != 0)
            throw new LaboratoryException($"The packet socket cannot be set up (option {option}): {Libc.LastErrorMessage}.");
    }
}
