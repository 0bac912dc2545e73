using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Carriages;

/// <summary>
/// The operator believed that the path carries more than it does, and a router says Packet Too Big of a packet that only
/// the option made too long. What the application then learns must be what the path carries, and all of that is its own.
/// </summary>
public class PacketTooBigTests
{
    private const int Carried = 1400, Believed = 1500, LinkHeader = 14, Headers = 48, Port = 53, LocalPort = 40_000;
    private const int Ipv6Level = 41, PathMtuOption = 24; // IPPROTO_IPV6, IPV6_MTU
    private const string Address = "2001:db8::1", PeerAddress = "2001:db8::2";
    private static readonly byte[] s_host = [2, 0, 0, 0, 0, 1], s_peer = [2, 0, 0, 0, 0, 2];

    [KernelTheory]
    [InlineData(PacketCarriage.DestoptV2, 48)]
    [InlineData(PacketCarriage.DestoptV2Clear, 32)]
    [InlineData(PacketCarriage.UdpOption, 44)]
    public void Datagrams_PathCarriesLessThanConfigured_ApplicationLearnsItAndUsesAllOfIt(PacketCarriage carriage, int growth) => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        OwnNamespace.Execute("ip", "link", "set", "pdm6a", "address", "02:00:00:00:00:01");
        OwnNamespace.Execute("ip", "address", "add", $"{Address}/64", "dev", "pdm6a", "nodad");
        OwnNamespace.Execute("ip", "neighbour", "add", PeerAddress, "lladdr", "02:00:00:00:00:02", "dev", "pdm6a", "nud", "permanent");
        using CarryingDatapath datapath = new(carriage, pathMtu: Believed);
        datapath.Kernel.Attach(index);
        using RawInterface wire = RawInterface.OpenCapture("pdm6b"), router = RawInterface.OpenSender("pdm6b");
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(Address), LocalPort));
        socket.Connect(new IPEndPoint(IPAddress.Parse(PeerAddress), Port));

        socket.Send(new byte[Carried - Headers]);
        byte[] tooLong = Next(wire);
        Assert.Equal(Carried + growth, tooLong.Length - LinkHeader);
        router.Send(PacketTooBig(tooLong));

        // The router's word arrives at once: the kernel takes it in before Send comes back. It tells a connected socket
        // once, with the next call; then the application sends again.
        Assert.Equal(SocketError.MessageSize, Assert.Throws<SocketException>(() => socket.Send(new byte[1])).SocketErrorCode);
        byte[] known = new byte[sizeof(int)];
        socket.GetRawSocketOption(Ipv6Level, PathMtuOption, known);
        Assert.Equal(Carried, BitConverter.ToInt32(known));
        socket.Send(new byte[Carried - Headers]);
        byte[] again = Next(wire);
        Assert.Equal((Carried, NextHeader.Udp), (again.Length - LinkHeader, again[LinkHeader + 6]));
        Assert.Equal(1ul, datapath.Count(PacketOutcome.Mtu));
        socket.Send(new byte[Carried - Headers - growth]);
        Assert.Equal(Carried, Next(wire).Length - LinkHeader);
    });

    private static byte[] Next(RawInterface wire)
    {
        List<byte[]> frames = [];
        Poll.Until(() =>
        {
            frames.AddRange(wire.ReadFrames().Where(frame => frame.AsSpan(0, 6).SequenceEqual(s_peer)));
            return frames.Count > 0;
        }, "no packet left");
        return Assert.Single(frames);
    }

    // RFC 4443 section 3.2.
    private static byte[] PacketTooBig(byte[] frame)
    {
        const int headers = LinkHeader + 40, quoted = 1280 - 40 - 8;
        byte[] answer = new byte[headers + 8 + quoted];
        s_host.CopyTo(answer, 0);
        s_peer.CopyTo(answer, 6);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(12), 0x86dd);
        answer[LinkHeader] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(LinkHeader + 4), 8 + quoted);
        (answer[LinkHeader + 6], answer[LinkHeader + 7]) = (NextHeader.Icmpv6, 64);
        Ipv6Address.Parse("2001:db8::fe").Write(answer.AsSpan(LinkHeader + 8));
        Ipv6Address.Parse(Address).Write(answer.AsSpan(LinkHeader + 24));
        answer[headers] = 2;
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(headers + 4), Carried);
        frame.AsSpan(LinkHeader, quoted).CopyTo(answer.AsSpan(headers + 8));
        uint sum = 8 + quoted + NextHeader.Icmpv6;
        for (int i = LinkHeader + 8; i < answer.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(i));
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(headers + 2), (ushort)~sum);
        return answer;
    }
}
