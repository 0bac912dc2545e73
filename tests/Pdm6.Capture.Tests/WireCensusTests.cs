using Pdm6.Capture.Tests.Support;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests;

public class WireCensusTests
{
    private static WireCensus CensusOf(ushort linkType, byte optionType, params byte[][] frames)
    {
        CaptureBytes capture = new CaptureBytes().Section().Interface(linkType);
        foreach (byte[] frame in frames)
            capture.EnhancedPacket(frame);
        using CaptureReader reader = capture.Read();
        WireCensus census = WireCensus.Take(reader, optionType);
        Assert.Null(reader.Problem);
        return census;
    }

    private static WireCensus CensusOf(params byte[][] frames) => CensusOf(1, Pdmv2OptionView.DefaultOptionType, frames);

    [Fact]
    public void Take_EveryForm_IsCountedForWhatItShows()
    {
        WireCensus census = CensusOf(
            Frames.Udp(Frames.Sealed), Frames.Udp(Frames.Sealed), Frames.Udp(), Frames.Udp(Frames.Clear), Frames.Udp(Frames.V1),
            Frames.Udp(Frames.Option(0x0f, 22)), Frames.Udp(Frames.Option(0x0f, 38)), Frames.Udp(Frames.Option(0x1e, 12)),
            Frames.Udp(Frames.Option(5, 38)), Frames.Udp(Frames.Option(0x1e, 38, version: 0)), [1, 2, 3]);
        Assert.Equal(new WireCensus(Frames: 11, Ipv6Packets: 10, Sealed: 3, Clear: 3, Malformed: 1, UnknownVersion: 1, Unreadable: 0), census);
    }

    [Fact]
    public void Take_SeveralOptionsInOnePacket_CountsEach()
    {
        byte[] before = Frames.DestinationOptions(NextHeader.DestinationOptions, Frames.Clear);
        byte[] last = Frames.DestinationOptions(NextHeader.Esp, Frames.Sealed, Frames.V1);
        WireCensus census = CensusOf([.. Frames.Ethernet(), .. Frames.Ipv6(NextHeader.DestinationOptions, [.. before, .. last, 9, 9])]);
        Assert.Equal((1, 2), (census.Sealed, census.Clear));
    }

    [Theory]
    [InlineData(false, 0, 1)]
    [InlineData(true, 1, 0)]
    public void Take_OptionBehindADatagram_IsCounted(bool isProtected, long protectedCount, long clearCount)
    {
        byte[] surplus = new byte[UdpOption.ProtectedSurplusSize], associatedData = new byte[UdpOption.AssociatedDataSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 1, 2);
        int size = isProtected
            ? UdpOption.WriteProtected(surplus, startsAtOddOffset: false, associatedData, new byte[16], new byte[16])
            : UdpOption.WriteClear(surplus, startsAtOddOffset: false, 1, default);
        byte[] udp = [0x9c, 0x40, 0, 53, 0, 8, 0, 0, .. surplus[..size]];
        byte[] frame = [.. Frames.Ethernet(), .. Frames.Ipv6(NextHeader.Udp, udp)];
        WireCensus census = CensusOf(frame);
        Assert.Equal((protectedCount, clearCount, 0), (census.Sealed, census.Clear, census.Malformed));
        frame[^1] ^= 1; // the checksum is wrong
        Assert.Equal(1, CensusOf(frame).Malformed);
    }

    [Fact]
    public void Take_OptionThatRunsPastItsHeader_IsMalformed()
    {
        byte[] header = [NextHeader.None, 0, 0x1e, 22, 0x20, 0, 0, 0];
        Assert.Equal(1, CensusOf([.. Frames.Ethernet(), .. Frames.Ipv6(NextHeader.DestinationOptions, header)]).Malformed);
    }

    [Fact]
    public void Take_OptionInsideAnEncryptedPartOrALaterFragment_IsNotLookedFor()
    {
        byte[] inner = Frames.DestinationOptions(NextHeader.Udp, Frames.Clear);
        WireCensus census = CensusOf(
            [.. Frames.Ethernet(), .. Frames.Ipv6(NextHeader.Esp, inner)],
            [.. Frames.Ethernet(), .. Frames.Ipv6(NextHeader.Fragment, [NextHeader.DestinationOptions, 0, 0, 9, 0, 0, 0, 1, .. inner])]);
        Assert.Equal((2, 0, 0), (census.Ipv6Packets, census.Clear, census.Unreadable));
    }

    [Fact]
    public void Take_OptionInAFirstFragment_IsCounted()
    {
        byte[] inner = Frames.DestinationOptions(NextHeader.Udp, Frames.Clear);
        WireCensus census = CensusOf(
            [.. Frames.Ethernet(), .. Frames.Ipv6(NextHeader.Fragment, [NextHeader.DestinationOptions, 0, 0, 1, 0, 0, 0, 1, .. inner])]);
        Assert.Equal(1, census.Clear);
    }

    [Fact]
    public void Take_OptionInAHopByHopHeader_IsNoPdmOption()
    {
        byte[] header = Frames.DestinationOptions(NextHeader.Udp, Frames.Clear);
        Assert.Equal(0, CensusOf([.. Frames.Ethernet(), .. Frames.Ipv6(NextHeader.HopByHop, header)]).Clear);
    }

    [Fact]
    public void Take_HeadersCutShort_AreCountedAsUnreadable()
    {
        byte[] frame = Frames.Udp(Frames.Sealed);
        WireCensus census = CensusOf(frame[..(14 + 40 + 47)], frame[..(14 + 40 + 48)]);
        Assert.Equal((1, 1), (census.Sealed, census.Unreadable));
    }

    [Fact]
    public void Take_AnotherOptionType_IsLookedForInstead()
    {
        byte[] frame = Frames.Udp(Frames.Option(0x3e, 38));
        Assert.Equal(1, CensusOf(1, 0x3e, frame).Sealed);
        Assert.Equal(0, CensusOf(frame).Sealed);
    }

    public static TheoryData<ushort, byte[]> LinkTypes => new()
    {
        { 1, Frames.Ethernet() },
        { 1, Frames.Ethernet(0x81, 0x00, 0, 5) },
        { 1, Frames.Ethernet(0x88, 0xa8, 0, 5, 0x81, 0x00, 0, 6) },
        { 101, [] },
        { 229, [] },
        { 113, [.. new byte[14], 0x86, 0xdd] },
        { 276, [0x86, 0xdd, .. new byte[18]] },
    };

    [Theory]
    [MemberData(nameof(LinkTypes))]
    public void Take_LinkTypesOfLinux_AreUnderstood(ushort linkType, byte[] header)
    {
        Assert.Equal(1, CensusOf(linkType, 0x1e, Frames.UdpBehind(header, Frames.Sealed)).Sealed);
        for (int length = 0; length < header.Length; length++)
            Assert.Equal(0, CensusOf(linkType, 0x1e, header[..length]).Ipv6Packets);
    }

    [Fact]
    public void Take_OtherTrafficAndLinkTypes_AreNoIpv6()
    {
        byte[] ipv4 = [.. new byte[12], 0x08, 0x00, .. Frames.Ipv6(Frames.Clear)];
        Assert.Equal(0, CensusOf(ipv4).Ipv6Packets);
        Assert.Equal(0, CensusOf(147, 0x1e, Frames.Udp(Frames.Clear)).Ipv6Packets);
    }
}
