using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>A host whose device offloads checksums or does not, a bridge, and a device that does not: there the kernel
/// sums, as a network card does, from the UDP header to the end of the packet.</summary>
internal static class OffloadBridge
{
    private const int Udp = 14 + 40, LocalPort = 40_000, Port = 53;
    private const string Address = "2001:db8::1", PeerAddress = "2001:db8::2";

    /// <summary>Sends datagrams from a socket and returns the frames that came out, in order.</summary>
    /// <param name="programs">On the way.</param>
    /// <param name="carriage">What carries the measurement.</param>
    /// <param name="offload">The first device takes partial checksums.</param>
    /// <param name="datagrams">How many.</param>
    /// <param name="payload">Of each.</param>
    internal static List<byte[]> Send(
        ReadOnlyMemory<byte> programs, PacketCarriage carriage, bool offload, int datagrams, Func<int, byte[]> payload)
    {
        List<byte[]> frames = [];
        OwnNamespace.Run(() =>
        {
            int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
            OwnNamespace.AddVethPair("pdm6c", "pdm6d");
            OwnNamespace.Execute("ip", "link", "add", "pdm6bridge", "type", "bridge");
            OwnNamespace.Execute("ip", "link", "set", "pdm6b", "master", "pdm6bridge");
            OwnNamespace.Execute("ip", "link", "set", "pdm6c", "master", "pdm6bridge");
            OwnNamespace.Execute("ip", "link", "set", "pdm6bridge", "up");
            OwnNamespace.Execute("ethtool", "-K", "pdm6c", "tx", "off");
            if (!offload)
                OwnNamespace.Execute("ethtool", "-K", "pdm6a", "tx", "off");
            OwnNamespace.Execute("ip", "address", "add", $"{Address}/64", "dev", "pdm6a", "nodad");
            OwnNamespace.Execute("ip", "neighbour", "add", PeerAddress, "lladdr", "02:00:00:00:00:02", "dev", "pdm6a", "nud", "permanent");
            using SealingDatapath datapath = new(programs, carriage: carriage);
            datapath.Publish();
            datapath.Kernel.Attach(index);
            using RawInterface wire = RawInterface.OpenCapture("pdm6d");
            using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Address), LocalPort));
            socket.Connect(new IPEndPoint(IPAddress.Parse(PeerAddress), Port));
            for (int i = 0; i < datagrams; i++)
                socket.Send(payload(i));
            Poll.Until(() =>
            {
                frames.AddRange(wire.ReadFrames().Where(IsOurs));
                return frames.Count >= datagrams;
            }, "not every datagram came through");
        });
        return frames;
    }

    /// <summary>Where the UDP header of a frame that came out is, with or without an extension header before it.</summary>
    internal static int UpperOffset(byte[] frame) =>
        frame[14 + 6] == NextHeader.DestinationOptions ? Udp + 8 * (frame[Udp + 1] + 1) : Udp;

    // RFC 8200 section 8.1, over so many octets from the UDP header on.
    internal static bool IsChecksumRight(byte[] frame, int length)
    {
        ReadOnlySpan<byte> addresses = frame.AsSpan(14 + 8, 32), summed = frame.AsSpan(UpperOffset(frame), length);
        uint sum = (uint)length + NextHeader.Udp;
        for (int i = 0; i < addresses.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(addresses[i..]);
        for (int i = 0; i < summed.Length; i++)
            sum += (uint)summed[i] << (i % 2 == 0 ? 8 : 0);
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return sum == ushort.MaxValue && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(UpperOffset(frame) + 6)) != 0;
    }

    private static bool IsOurs(byte[] frame) => frame.Length >= Udp + 8
        && frame[14 + 6] is NextHeader.Udp or NextHeader.DestinationOptions
        && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(UpperOffset(frame))) == LocalPort;
}
