using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public class Ipv6PacketViewTests
{
    private static readonly byte[] Protected = PacketBytes.Pdmv2(Pdmv2OptionView.ProtectedLength);

    private static FlowKey? FlowOf(byte[] octets) =>
        Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet) && packet.TryGetFlow(out FlowKey flow) ? flow : null;

    private static FlowKey Flow(byte protocol, int source, int destination) =>
        new(PacketBytes.Source, PacketBytes.Destination, protocol, (ushort)source, (ushort)destination);

    [Fact]
    public void TryRead_UdpBehindOurHeader_FindsEverything()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.DestinationOptions,
            PacketBytes.OptionsHeader(NextHeader.Udp, Protected), PacketBytes.Udp(40_000, 53, payload: 30));

        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));

        Assert.Equal((PacketBytes.Source, PacketBytes.Destination, (byte)61, true, false),
            (packet.Source, packet.Destination, packet.HopLimit, packet.IsWhole, packet.HasRouting));
        Assert.Equal((NextHeader.Udp, HeaderChainEnd.UpperLayer, 38), (packet.UpperProtocol, packet.End, packet.UpperLayer.Length));
        Assert.True(packet.TryGetFlow(out FlowKey flow));
        Assert.Equal(Flow(NextHeader.Udp, 40_000, 53), flow);
    }

    [Fact]
    public void TryRead_LinkLayerPadding_IsNotPartOfThePacket()
    {
        byte[] octets = [.. PacketBytes.Ipv6(NextHeader.Udp, PacketBytes.Udp(1, 2, 0)), .. new byte[20]];
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.Equal((8, true), (packet.UpperLayer.Length, packet.IsWhole));
    }

    [Fact]
    public void TryRead_CutByTheSnapLength_GivesWhatIsThere()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.Udp, PacketBytes.Udp(1, 2, 100))[..60];
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.Equal((20, false, 88), (packet.UpperLayer.Length, packet.IsWhole, packet.MissingSize));
    }

    [Theory]
    [InlineData(-65_000, false)]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(10, true)]
    public void TryRead_JumboPayload_EndsWhereItsLengthSays(int more, bool isWhole)
    {
        byte[] octets = PacketBytes.Jumbogram(70_000);
        Array.Resize(ref octets, octets.Length + more);
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.Equal((true, isWhole, HeaderChainEnd.UpperLayer), (packet.IsJumbo, packet.IsWhole, packet.End));
        Assert.Equal((70_000 - 16 + Math.Min(more, 0), Math.Max(-more, 0)), (packet.UpperLayer.Length, packet.MissingSize));
    }

    [Fact]
    public void TryRead_JumboPayloadOfMoreThanFitsAnArray_IsNotWhole()
    {
        byte[] octets = PacketBytes.Jumbogram(70_000);
        octets[48] = 0xff;
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.Equal((true, false, octets.Length), (packet.IsJumbo, packet.IsWhole, packet.Octets.Length));
        Assert.Equal(0xff01_1170 - 70_000L, packet.MissingSize);
    }

    [Theory]
    [InlineData("")]
    [InlineData("05020000")] // another option
    [InlineData("c2030100" + "00")] // another length
    [InlineData("c20500011170" + "00")]
    [InlineData("c2040000ffff")] // a payload that fits the fixed header's field
    [InlineData("c204000000" + "0101")]
    [InlineData("0502" + "0000" + "0563" + "c20400011170")] // inside an option that runs past the end
    public void TryRead_NoPayloadLengthAndNoJumboPayloadOption_IsNotWhole(string options)
    {
        byte[] octets = PacketBytes.Ipv6(
            NextHeader.HopByHop, PacketBytes.OptionsHeader(NextHeader.Udp, Convert.FromHexString(options)), new byte[70_000]);
        (octets[4], octets[5]) = (0, 0);
        foreach (int size in new[] { 40, 41, 42, 43, 47, 48, octets.Length })
        {
            Assert.True(Ipv6PacketView.TryRead(octets.AsSpan(0, size), out Ipv6PacketView packet));
            Assert.Equal((false, false, 0, size), (packet.IsJumbo, packet.IsWhole, packet.MissingSize, packet.Octets.Length));
        }
    }

    [Fact]
    public void TryRead_JumboPayloadOptionAndAPayloadLength_IsNoJumbogram()
    {
        byte[] octets = PacketBytes.Jumbogram(70_000);
        octets[5] = 24;
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.Equal((false, true, 64), (packet.IsJumbo, packet.IsWhole, packet.Octets.Length));
    }

    [Fact]
    public void TryRead_NoPayload_HasAnEmptyUpperLayer()
    {
        byte[] octets = [.. PacketBytes.Ipv6(NextHeader.Udp), 1, 2, 3];
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.True(packet.UpperLayer.IsEmpty);
        Assert.False(packet.TryGetFlow(out _));
    }

    [Fact]
    public void TryRead_ShortOrOtherVersion_IsNoPacket()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.Udp, PacketBytes.Udp(1, 2, 0));
        for (int length = 0; length < Ipv6PacketView.FixedHeaderSize; length++)
            Assert.False(Ipv6PacketView.TryRead(octets.AsSpan(0, length), out _));
        octets[0] = 0x45;
        Assert.False(Ipv6PacketView.TryRead(octets, out _));
    }

    [Fact]
    public void TryGetFlow_EveryProtocol_IsThatOfTheDraft()
    {
        Assert.Equal(Flow(NextHeader.Tcp, 80, 5), FlowOf(PacketBytes.Ipv6(NextHeader.Tcp, PacketBytes.Tcp(80, 5, 0, 0, 20, 0))));
        Assert.Equal(Flow(NextHeader.Sctp, 258, 772), FlowOf(PacketBytes.Ipv6(NextHeader.Sctp, [1, 2, 3, 4])));
        Assert.Equal(Flow(NextHeader.Icmpv6, 128 << 8, 0x0506), FlowOf(PacketBytes.Ipv6(NextHeader.Icmpv6, [128, 0, 3, 4, 5, 6, 7, 8])));
        Assert.Equal(Flow(NextHeader.Icmpv6, 129 << 8, 0x0506), FlowOf(PacketBytes.Ipv6(NextHeader.Icmpv6, [129, 0, 3, 4, 5, 6])));
        Assert.Equal(Flow(NextHeader.Icmpv6, 0x0103, 0), FlowOf(PacketBytes.Ipv6(NextHeader.Icmpv6, [1, 3, 0, 0, 9, 9, 9, 9])));
        Assert.Equal(Flow(47, 0, 0), FlowOf(PacketBytes.Ipv6(47, [1, 2, 3, 4])));
    }

    [Fact]
    public void TryGetFlow_UpperLayerTooShort_IsNone()
    {
        Assert.Null(FlowOf(PacketBytes.Ipv6(NextHeader.Udp, [1, 2, 3])));
        Assert.Null(FlowOf(PacketBytes.Ipv6(NextHeader.Icmpv6, [128, 0, 3, 4, 5])));
    }

    [Theory]
    [InlineData(NextHeader.Esp)]
    [InlineData(NextHeader.None)]
    public void TryGetFlow_UpperLayerOutOfReach_IsNone(byte next) =>
        Assert.Null(FlowOf(PacketBytes.Ipv6(next, PacketBytes.Udp(1, 2, 30))));

    private static readonly Ipv6Address Final = Ipv6Address.Parse("2001:db8::f1");
    private static readonly Ipv6Address Between = Ipv6Address.Parse("2001:db8::f2");

    [Theory]
    [InlineData(0, 2, true)] // lists Between, Final
    [InlineData(2, 1, true)]
    [InlineData(4, 2, false)] // lists Final, Between
    [InlineData(4, 1, false)]
    public void TryGetFlow_BehindARoutingHeader_HasTheFinalDestination(byte type, byte segmentsLeft, bool isForwards)
    {
        Ipv6Address[] list = isForwards ? [Between, Final] : [Final, Between];
        byte[] octets = PacketBytes.Ipv6(
            NextHeader.Routing, PacketBytes.Routing(NextHeader.Udp, type, segmentsLeft, list), PacketBytes.Udp(1, 2, 3));
        Assert.Equal(new FlowKey(PacketBytes.Source, Final, NextHeader.Udp, 1, 2), FlowOf(octets));
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet) && packet.HasRouting);
        Assert.Equal(PacketBytes.Destination, packet.Destination);
    }

    [Fact]
    public void TryGetFlow_NoSegmentLeft_HasTheDestinationOfTheFixedHeader()
    {
        byte[] octets = PacketBytes.Ipv6(
            NextHeader.Routing, PacketBytes.Routing(NextHeader.Udp, 77, 0, Between), PacketBytes.Udp(1, 2, 3));
        Assert.Equal(Flow(NextHeader.Udp, 1, 2), FlowOf(octets));
    }

    [Fact]
    public void TryGetFlow_TwoRoutingHeaders_TheLastWithSegmentsLeftDecides()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.Routing,
            PacketBytes.Routing(NextHeader.Routing, 4, 1, Between), PacketBytes.Routing(NextHeader.Routing, 0, 1, Final),
            PacketBytes.Routing(NextHeader.Udp, 4, 0, Between), PacketBytes.Udp(1, 2, 3));
        Assert.Equal(Final, FlowOf(octets)?.Destination);
    }

    [Theory]
    [InlineData(77, 1)] // a type not known
    [InlineData(4, 3)] // more segments left than listed
    [InlineData(0, 3)]
    public void TryGetFlow_RoutingHeaderHidesTheDestination_IsNone(byte type, byte segmentsLeft)
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.Routing,
            PacketBytes.Routing(NextHeader.Routing, type, segmentsLeft, Between, Final),
            PacketBytes.Routing(NextHeader.Udp, 4, 0, Between), PacketBytes.Udp(1, 2, 3));
        Assert.Null(FlowOf(octets));
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.False(packet.TryGetFinalDestination(out Ipv6Address destination));
        Assert.Equal(default, destination);
    }

    [Fact]
    public void TryGetFlow_FirstFragmentOrBehindAuthentication_IsThatOfThePacket()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.Fragment, PacketBytes.Fragment(NextHeader.AuthenticationHeader, 0, true),
            PacketBytes.Authentication(NextHeader.Udp), PacketBytes.Udp(5, 6, 7));
        Assert.Equal(Flow(NextHeader.Udp, 5, 6), FlowOf(octets));
    }

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(8, false, true)]
    [InlineData(0, false, false)]
    public void IsFragment_FragmentHeader_IsTrueUnlessThePacketIsWhole(ushort offset, bool hasMore, bool isFragment)
    {
        byte[] octets = PacketBytes.Ipv6(
            NextHeader.Fragment, PacketBytes.Fragment(NextHeader.Udp, offset, hasMore), PacketBytes.Udp(5, 6, 7));
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.Equal((isFragment, offset == 0), (packet.IsFragment, packet.TryGetFlow(out _)));
    }

    [Fact]
    public void TryRead_RandomOctets_NeverThrow()
    {
        Random random = new(11);
        byte[] headers = [0, 6, 17, 33, 43, 44, 50, 51, 58, 59, 60, 132];
        for (int i = 0; i < 200_000; i++)
        {
            byte[] octets = new byte[random.Next(0, 160)];
            random.NextBytes(octets);
            if (octets.Length > 48)
            {
                (octets[0], octets[4], octets[5]) = (0x60, 0, (byte)random.Next(120));
                (octets[6], octets[40], octets[41]) = (headers[random.Next(12)], headers[random.Next(12)], (byte)random.Next(4));
            }
            if (!Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet))
                continue;
            packet.TryGetFlow(out _);
            UpperLayerFields.TryRead(packet.UpperProtocol, packet.UpperLayer, out _);
            foreach (ExtensionHeader header in packet.ExtensionHeaders)
            {
                foreach (ReadOnlySpan<byte> option in header.Options)
                    PdmOption.FormOf(option);
            }
        }
    }
}
