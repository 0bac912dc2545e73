using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pdm6.Datapath.Tests.Guards;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpOptions;

/// <summary>
/// The UDP checksum behind a device that completes partial checksums as network cards do: from the UDP header to the end
/// of the packet. A host whose device offloads it, a bridge, a device that does not: there the kernel sums. The same for an
/// option in a header, which moves the place where to sum.
/// </summary>
public class UdpOptionChecksumTests
{
    private const int Udp = 14 + 40, Datagrams = 120, LocalPort = 40_000, Port = 53;
    private const string Address = "2001:db8::1", PeerAddress = "2001:db8::2";

    private static readonly SourceEdit s_noCorrection = new(
        "bpf_l4_csum_replace(skb, upper_offset + PDM6_UDP_CHECKSUM_AT, from, to, BPF_F_PSEUDO_HDR | flags);", "");

    [KernelTheory]
    [InlineData(PacketCarriage.UdpOption, true)]
    [InlineData(PacketCarriage.UdpOption, false)]
    [InlineData(PacketCarriage.UdpOptionClear, true)]
    public void Wire_OffloadedOrNot_EveryChecksumIsRight(PacketCarriage carriage, bool offload)
    {
        List<byte[]> frames = SendThroughBridge(KernelDatapath.ProgramImage, carriage, offload);

        Assert.Equal(Datagrams, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            byte[] frame = frames[i];
            Assert.True(UdpSurplus.TryFind(frame.AsSpan(Udp), out UdpSurplus surplus));
            Assert.Equal(Payload(i), frame[(Udp + 8)..^surplus.Octets.Length]);
            Assert.True(IsChecksumRight(frame, surplus.UdpLength), $"datagram {i}: {Convert.ToHexString(frame)}");
            // And for who sums and counts all of the IPv6 payload: that is what the option checksum is for.
            Assert.True(IsChecksumRight(frame, frame.Length - Udp), $"datagram {i} with its area: {Convert.ToHexString(frame)}");
            Assert.Equal(
                UdpOptionReadStatus.Ok,
                UdpOptionView.TryRead(surplus.Octets, surplus.StartsAtOddOffset, UdpOption.DefaultExId, out _));
        }
    }

    [KernelTheory]
    [InlineData(PacketCarriage.DestoptV2, true)]
    [InlineData(PacketCarriage.DestoptV2, false)]
    [InlineData(PacketCarriage.DestoptV1, true)]
    public void Wire_OptionInAHeader_EveryChecksumIsRight(PacketCarriage carriage, bool offload)
    {
        List<byte[]> frames = SendThroughBridge(KernelDatapath.ProgramImage, carriage, offload);

        Assert.Equal(Datagrams, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            int upper = UpperOffset(frames[i]);
            Assert.NotEqual(Udp, upper);
            Assert.Equal(Payload(i), frames[i][(upper + 8)..]);
            Assert.True(IsChecksumRight(frames[i], frames[i].Length - upper), $"datagram {i}: {Convert.ToHexString(frames[i])}");
        }
    }

    [KernelFact]
    public void Wire_PartialChecksumNotCorrected_IsSpoilt() => Assert.DoesNotContain(
        SendThroughBridge(ProgramVariant.Build(s_noCorrection), PacketCarriage.UdpOption, offload: true),
        frame => IsChecksumRight(frame, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(Udp + 4))));

    private static List<byte[]> SendThroughBridge(ReadOnlyMemory<byte> programs, PacketCarriage carriage, bool offload)
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
            for (int i = 0; i < Datagrams; i++)
                socket.Send(Payload(i));
            Poll.Until(() =>
            {
                frames.AddRange(wire.ReadFrames().Where(IsOurs));
                return frames.Count >= Datagrams;
            }, "not every datagram came through");
        });
        return frames;
    }

    private static bool IsOurs(byte[] frame) => frame.Length >= Udp + 8
        && frame[14 + 6] is NextHeader.Udp or NextHeader.DestinationOptions
        && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(UpperOffset(frame))) == LocalPort;

    private static int UpperOffset(byte[] frame) =>
        frame[14 + 6] == NextHeader.DestinationOptions ? Udp + 8 * (frame[Udp + 1] + 1) : Udp;

    private static byte[] Payload(int i)
    {
        byte[] payload = new byte[i];
        new Random(i).NextBytes(payload);
        return payload;
    }

    // RFC 8200 section 8.1, over so many octets from the UDP header on.
    private static bool IsChecksumRight(byte[] frame, int length)
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
}
