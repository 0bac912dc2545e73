using System.Runtime.InteropServices;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>An AF_PACKET socket on one interface: sends whole frames, or keeps every IPv6 frame that arrives there.</summary>
internal sealed unsafe partial class RawInterface : IDisposable
{
    private const int FamilyPacket = 17, TypeRaw = 3, LevelSocket = 1, LevelPacket = 263;
    private const int ReceiveBufferForce = 33, PacketStatistics = 6, DoNotWait = 0x40;
    private const ushort EthernetIpv6 = 0x86dd;
    private const int LargestFrame = 2048;

    private readonly int _descriptor;

    // struct sockaddr_ll
    [StructLayout(LayoutKind.Sequential)]
    private struct LinkAddress
    {
        public ushort Family, Protocol;
        public int InterfaceIndex;
        public ushort HardwareType;
        public byte PacketType, AddressLength;
        public ulong Address;
    }

    private RawInterface(string name, ushort protocol, int receiveBuffer)
    {
        _descriptor = DatapathException.ThrowIfNegative(Libc.socket(FamilyPacket, TypeRaw, 0), "Opening a packet socket");
        if (receiveBuffer > 0)
            Assert.Equal(0, setsockopt(_descriptor, LevelSocket, ReceiveBufferForce, &receiveBuffer, sizeof(int)));
        LinkAddress address = new()
        {
            Family = FamilyPacket, InterfaceIndex = HostInterface.Find(name)!.Index,
            Protocol = BitConverter.IsLittleEndian ? (ushort)(protocol << 8 | protocol >> 8) : protocol,
        };
        Assert.Equal(0, bind(_descriptor, &address, (uint)sizeof(LinkAddress)));
    }

    /// <summary>Sends only.</summary>
    internal static RawInterface OpenSender(string name) => new(name, protocol: 0, receiveBuffer: 0);

    /// <summary>Keeps what arrives in a buffer of this size, in octets, until <see cref="ReadSealed"/>.</summary>
    internal static RawInterface OpenCapture(string name, int bufferSize = 256 << 20) => new(name, EthernetIpv6, bufferSize);

    internal void Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* octets = frame)
            Assert.Equal(frame.Length, (int)Libc.send(_descriptor, octets, (nuint)frame.Length, 0));
    }

    /// <summary>All sealed options that are waiting. Fails if the buffer was too small for what arrived.</summary>
    internal List<SealedOption> ReadSealed()
    {
        List<SealedOption> options = [];
        foreach (byte[] frame in ReadFrames())
            if (SealedOption.TryRead(frame, out SealedOption option))
                options.Add(option);
        return options;
    }

    /// <summary>All frames that are waiting. Fails if the buffer was too small for what arrived.</summary>
    internal List<byte[]> ReadFrames()
    {
        List<byte[]> frames = [];
        byte* frame = stackalloc byte[LargestFrame];
        for (nint length; (length = Libc.recv(_descriptor, frame, LargestFrame, DoNotWait)) > 0;)
            frames.Add(new ReadOnlySpan<byte>(frame, (int)length).ToArray());
        uint* statistics = stackalloc uint[2]; // struct tpacket_stats
        uint size = 2 * sizeof(uint);
        Assert.Equal(0, getsockopt(_descriptor, LevelPacket, PacketStatistics, statistics, &size));
        Assert.Equal(0u, statistics[1]);
        return frames;
    }

    public void Dispose() => _ = Libc.close(_descriptor);

    [LibraryImport("libc")]
    private static partial int bind(int descriptor, LinkAddress* address, uint length);
    [LibraryImport("libc")]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);
    [LibraryImport("libc")]
    private static partial int getsockopt(int descriptor, int level, int option, void* value, uint* length);
}
