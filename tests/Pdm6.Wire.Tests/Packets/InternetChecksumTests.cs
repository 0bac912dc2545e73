namespace Pdm6.Wire.Tests;

public sealed class InternetChecksumTests
{
    // Packets that Scapy 2.5.0 built, with checksums of its own.
    private const string Udp = "60000000000d113d20010db800000000000000000000000a20010db800000000000000000000000b14e90035000d4b5d68656c6c6f";
    private const string Icmp = "6000000000193a3d20010db800000000000000000000000a20010db800000000000000000000000b8000c9af12340001000102030405060708090a0b0c0d0e0f10";
    private const string Tcp = "60000000001b063d20010db800000000000000000000000a20010db800000000000000000000000b9c4001bb010203040000000060022000a74a0000020405a06f6464";
    private const string SegmentRouting = "6000000000452b3d20010db800000000000000000000000a20010db8000000000000000000000001110604020200000020010db800000000000000000000000b20010db800000000000000000000000220010db800000000000000000000000114e90035000d4b5d68656c6c6f";
    private const string SourceRoute = "6000000000352b3d20010db800000000000000000000000a20010db8000000000000000000000001110400020000000020010db800000000000000000000000220010db800000000000000000000000b14e90035000d4b5d68656c6c6f";

    private static bool? IsRight(byte[] octets)
    {
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        return InternetChecksum.TryVerify(packet, out bool isRight) ? isRight : null;
    }

    [Fact]
    public void Compute_ExampleOfRfc1071_IsItsChecksum() =>
        Assert.Equal(0x220d, InternetChecksum.Compute([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]));

    [Fact]
    public void Compute_AnySize_EqualsTheWordByWordSum()
    {
        Random random = new(1071);
        for (int size = 0; size < 300; size++)
        {
            byte[] octets = new byte[size];
            random.NextBytes(octets);
            if (size % 3 == 0)
                octets.AsSpan().Fill(0xff);
            uint sum = 0;
            for (int i = 0; i < size; i++)
            {
                sum += i % 2 == 0 ? (uint)octets[i] << 8 : octets[i];
                sum = (sum & 0xffff) + (sum >> 16);
            }
            Assert.Equal((ushort)~sum, InternetChecksum.Compute(octets));
        }
    }

    [Theory]
    [InlineData(Udp)]
    [InlineData(Icmp)]
    [InlineData(Tcp)]
    [InlineData(SegmentRouting)]
    [InlineData(SourceRoute)]
    public void TryVerify_PacketOfAnotherImplementation_IsRightAndAnyFlippedBitIsNot(string hex)
    {
        byte[] octets = Convert.FromHexString(hex);
        Assert.True(IsRight(octets));
        for (int bit = (octets.Length - 5) * 8; bit < octets.Length * 8; bit++)
        {
            octets[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(IsRight(octets));
            octets[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void ForUdp_DatagramOfAnotherImplementation_IsItsChecksum()
    {
        byte[] octets = Convert.FromHexString(Udp);
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        byte[] datagram = packet.UpperLayer.ToArray();
        datagram[6] = datagram[7] = 0;
        Assert.Equal(0x4b5d, InternetChecksum.ForUdp(packet.Source, packet.Destination, datagram));
    }

    [Fact]
    public void ForUdp_SumThatComesTo0_IsFfff()
    {
        // Length 8 twice, protocol 17, and the two ports add up to FFFF.
        byte[] datagram = [0xff, 0xde, 0, 0, 0, 8, 0, 0];
        datagram[1] = 0xff - 8 - 8 - 17;
        Assert.Equal(0xffff, InternetChecksum.ForUdp(default, default, datagram));
        Assert.Equal(0, InternetChecksum.OverPseudoHeader(default, default, NextHeader.Udp, datagram));
    }

    [Fact]
    public void TryVerify_SurplusBehindUdp_IsNotCovered()
    {
        byte[] octets = [.. Convert.FromHexString(Udp), 1, 2, 3, 4, 5];
        octets[5] += 5;
        Assert.True(IsRight(octets));
    }

    [Fact]
    public void TryVerify_UdpWithoutAChecksum_IsWrong()
    {
        byte[] octets = Convert.FromHexString(Udp);
        octets[46] = octets[47] = 0;
        Assert.False(IsRight(octets));
    }

    [Theory]
    [InlineData(4, 3)] // the UDP length of the datagram
    [InlineData(4, 200)]
    public void TryVerify_UdpLengthThatCannotBe_CannotTell(int at, byte length)
    {
        byte[] octets = Convert.FromHexString(Udp);
        octets[40 + at + 1] = length;
        Assert.Null(IsRight(octets));
    }

    [Fact]
    public void TryVerify_NotAllThere_CannotTell()
    {
        byte[] udp = Convert.FromHexString(Udp);
        Assert.Null(IsRight(udp[..^1]));
        Assert.Null(IsRight(PacketsOf(NextHeader.Udp, 7)));
        Assert.Null(IsRight(PacketsOf(NextHeader.Icmpv6, 3)));
        Assert.Null(IsRight(PacketsOf(NextHeader.Tcp, 17)));
        Assert.Null(IsRight(PacketsOf(NextHeader.Sctp, 40)));
        Assert.Null(IsRight(Packets.PacketBytes.Ipv6(NextHeader.Fragment, Packets.PacketBytes.Fragment(NextHeader.Udp, 0, true), udp[40..])));
        Assert.Null(IsRight(Packets.PacketBytes.Ipv6(NextHeader.Routing, Packets.PacketBytes.Routing(NextHeader.Udp, 9, 1), udp[40..])));
    }

    private static byte[] PacketsOf(byte protocol, int size) => Packets.PacketBytes.Ipv6(protocol, new byte[size]);
}
