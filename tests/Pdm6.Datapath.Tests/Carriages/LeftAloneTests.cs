using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Carriages;

/// <summary>"Do no harm", packet by packet: what must leave as it came under a rule that chooses everything, and why.</summary>
public class LeftAloneTests
{
    private const int LinkHeader = 14, Upper = LinkHeader + 40, NextHeaderAt = LinkHeader + 6, DestinationAt = LinkHeader + 24;
    private const int ContextSize = 192, GsoSizeAt = 176; // struct __sk_buff
    private const byte HostIdentity = 139, Shim6 = 140, Mobility = 135; // IANA's protocol numbers

    /// <summary>What an operator may have configured.</summary>
    public static TheoryData<PacketCarriage> Carriages => [.. PacketCarriageNames.Made.Where(carriage => carriage != PacketCarriage.UdpFrame)];

    [KernelTheory]
    [MemberData(nameof(Carriages))]
    public void Send_NotIpv6_IsNotEvenCounted(PacketCarriage carriage)
    {
        using CarryingDatapath datapath = new(carriage);
        byte[] ipv4 = Udp(), arp = Udp(), vlan = Udp();
        BinaryPrimitives.WriteUInt16BigEndian(ipv4.AsSpan(12), 0x0800);
        ipv4[LinkHeader] = 4 << 4 | 5;
        BinaryPrimitives.WriteUInt16BigEndian(arp.AsSpan(12), 0x0806);
        BinaryPrimitives.WriteUInt16BigEndian(vlan.AsSpan(12), 0x88a8); // a tag within a tag: not looked into

        foreach (byte[] frame in (byte[][])[ipv4, arp, vlan])
        {
            Assert.Equal(frame, datapath.Send(frame));
            Assert.Equal(frame, datapath.Receive(frame));
        }
        Assert.All(Enum.GetValues<PacketOutcome>(), outcome => Assert.Equal(0ul, datapath.Count(outcome)));
        Assert.Empty(datapath.TakeObservations());
    }

    [KernelTheory]
    [InlineData(NextHeader.Esp, PacketOutcome.Ipsec)]
    [InlineData(NextHeader.AuthenticationHeader, PacketOutcome.Ipsec)]
    [InlineData(Mobility, PacketOutcome.ExtensionHeader)]
    [InlineData(HostIdentity, PacketOutcome.ExtensionHeader)]
    [InlineData(Shim6, PacketOutcome.ExtensionHeader)]
    public void Send_HeaderThatCoversTheRest_IsLeftAlone(byte header, PacketOutcome reason)
    {
        byte[] frame = Udp();
        frame[NextHeaderAt] = header;
        frame[Upper] = NextHeader.Udp;

        RequireLeftAlone(frame, reason);
    }

    [KernelTheory]
    [InlineData("ff02::1")]
    [InlineData("ff15::6")]
    public void Send_ToAGroup_IsLeftAlone(string group)
    {
        byte[] frame = Udp();
        Ipv6Address.Parse(group).Write(frame.AsSpan(DestinationAt));

        RequireLeftAlone(frame, PacketOutcome.Multicast);
    }

    [KernelFact]
    public void Send_ToItself_IsLeftAlone()
    {
        byte[] frame = Udp();
        TestDatapath.Pair.Source.Write(frame.AsSpan(DestinationAt));

        RequireLeftAlone(frame, PacketOutcome.Self);
    }

    [KernelTheory]
    [InlineData(133)] // router solicitation ...
    [InlineData(134)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)] // ... to redirect: RFC 4861 has them arrive without a header that a first hop might drop
    [InlineData(130)]
    [InlineData(143)] // listener discovery
    public void Send_NeighbourAndListenerDiscovery_AreLeftAlone(byte type)
    {
        byte[] frame = Udp();
        frame[NextHeaderAt] = NextHeader.Icmpv6;
        frame[Upper] = type;

        RequireLeftAlone(frame, PacketOutcome.IcmpExempt);
    }

    [KernelTheory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Send_LengthThatIsNotThePackets_IsLeftAlone(int difference)
    {
        byte[] frame = Udp();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(LinkHeader + 4), (ushort)(frame.Length - Upper + difference));

        RequireLeftAlone(frame, PacketOutcome.MalformedPacket);
    }

    [KernelTheory]
    [MemberData(nameof(Carriages))]
    public void Send_UdpSuperPacket_IsLeftAlone(PacketCarriage carriage) =>
        RequireLeftAlone(Udp(payload: 3000), PacketOutcome.UdpGso, carriage, segment: 1000);

    [KernelTheory]
    [InlineData(255, PacketOutcome.TinySegments)]
    [InlineData(1, PacketOutcome.TinySegments)]
    public void Send_TcpSuperPacketOfTinySegments_IsLeftAlone(uint segment, PacketOutcome reason)
    {
        byte[] frame = Udp(payload: 3000);
        frame[NextHeaderAt] = NextHeader.Tcp;

        RequireLeftAlone(frame, reason, segment: segment);
    }

    [KernelTheory]
    [InlineData(1280 - 48, true)] // with the option as long as every path carries
    [InlineData(1280 - 47, false)]
    [InlineData(1280, false)]
    [InlineData(1500, false)]
    public void Send_ThatWouldOutgrowThePath_IsLeftAlone(int packet, bool fits)
    {
        byte[] frame = Udp(payload: packet - 48);
        if (!fits)
        {
            RequireLeftAlone(frame, PacketOutcome.Mtu);
            return;
        }
        using CarryingDatapath datapath = new();
        Assert.Equal(LinkHeader + 1280, datapath.Send(frame).Length);
    }

    private static void RequireLeftAlone(
        byte[] frame, PacketOutcome reason, PacketCarriage carriage = PacketCarriage.DestoptV2, uint segment = 0)
    {
        using CarryingDatapath datapath = new(carriage);
        Span<byte> context = stackalloc byte[ContextSize];
        context.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(context[GsoSizeAt..], segment);

        Assert.Equal(frame, datapath.Send(frame, segment == 0 ? default : context));

        Assert.Equal(1ul, datapath.Count(reason));
        Assert.Equal(0ul, datapath.Count(PacketOutcome.Sealed) + datapath.Count(PacketOutcome.SentClear));
    }

    private static byte[] Udp(int payload = 20)
    {
        byte[] frame = TestPackets.Udp(TestDatapath.Pair, 1000, 53, payload);
        new Random(payload).NextBytes(frame.AsSpan(Upper + 8));
        return frame;
    }
}
