using System.Buffers.Binary;
using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class PdmOptionsTests
{
    private static readonly byte[] Sealed = PacketBytes.Pdmv2(38);
    private static readonly byte[] Clear = PacketBytes.Pdmv2(22);
    private static readonly byte[] V1 = PacketBytes.Option(Pdmv1Option.OptionType, new byte[10]);

    private static byte[] Udp(bool isOdd, params byte[] surplus) =>
        [.. PacketBytes.Udp(1, 2, isOdd ? 3 : 4), .. surplus];

    private static byte[] Surplus(bool isOdd, ushort exId = UdpOption.DefaultExId)
    {
        byte[] surplus = new byte[29];
        return surplus[..UdpOption.WriteClear(surplus, isOdd, 7, default, exId)];
    }

    private static (PdmOptionForm Form, bool IsUdp, int Size)[] Walk(
        byte[] octets, byte optionType = 0x1e, ushort exId = UdpOption.DefaultExId)
    {
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        List<(PdmOptionForm, bool, int)> found = [];
        foreach (PdmOptionInPacket option in new PdmOptions(packet, optionType, exId))
        {
            Assert.True(octets.AsSpan().Overlaps(option.Octets));
            found.Add((option.Form, option.IsUdpOption, option.Octets.Length));
        }
        return [.. found];
    }

    private static PdmOptionForm? Only(byte[] octets)
    {
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        return new PdmOptions(packet).TryFindOnly(out PdmOptionInPacket only) ? only.Form : null;
    }

    [Fact]
    public void Walk_OptionsInSeveralHeadersAndBehindUdp_FindsThemInOrder()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.DestinationOptions,
            PacketBytes.OptionsHeader(NextHeader.Routing, V1, PacketBytes.Option(5, 1, 2), Clear),
            PacketBytes.Routing(NextHeader.DestinationOptions),
            PacketBytes.OptionsHeader(NextHeader.Udp, Sealed), Udp(true, Surplus(true)));
        Assert.Equal(
            [(PdmOptionForm.ClearV1, false, 12), (PdmOptionForm.Clear, false, 24), (PdmOptionForm.Sealed, false, 40), (PdmOptionForm.Clear, true, 26)],
            Walk(octets));
        Assert.Equal(PdmOptionForm.Malformed, Only(octets));
    }

    [Theory]
    [InlineData(0x1e, true)]
    [InlineData(0x0f, true)]
    [InlineData(0x05, false)]
    public void Walk_OptionThatRunsPastItsHeader_IsMalformedIfItIsOurs(byte type, bool isOurs)
    {
        byte[] header = [NextHeader.DestinationOptions, 1, 5, 2, 0, 0, type, 38, .. new byte[8]];
        byte[] octets = PacketBytes.Ipv6(NextHeader.DestinationOptions,
            header, PacketBytes.OptionsHeader(NextHeader.Udp, Clear), Udp(false));
        (PdmOptionForm, bool, int)[] found = Walk(octets);
        Assert.Equal(isOurs
            ? [(PdmOptionForm.Malformed, false, 10), (PdmOptionForm.Clear, false, 24)]
            : [(PdmOptionForm.Clear, false, 24)], found);
    }

    [Fact]
    public void TryFindOnly_OneOption_GivesIt()
    {
        Assert.Equal(PdmOptionForm.Sealed, Only(PacketBytes.Ipv6(
            NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Sealed), PacketBytes.Udp(1, 2, 0))));
        Assert.Equal(PdmOptionForm.Clear, Only(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, Surplus(false)))));
    }

    [Fact]
    public void Walk_ProtectedUdpOption_IsSealed()
    {
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize], surplus = new byte[UdpOption.ProtectedSurplusSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 1, 2);
        UdpOption.WriteProtected(surplus, false, associatedData, new byte[16], new byte[16]);
        Assert.Equal([(PdmOptionForm.Sealed, true, 42)], Walk(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, surplus))));
    }

    [Fact]
    public void TryFindOnly_NoOption_IsFalse()
    {
        Assert.Null(Only(PacketBytes.Ipv6(NextHeader.Udp, PacketBytes.Udp(1, 2, 9))));
        Assert.Null(Only(PacketBytes.Ipv6(NextHeader.HopByHop, PacketBytes.OptionsHeader(NextHeader.None, Clear))));
        Assert.Null(Only(PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.None, PacketBytes.Option(5)))));
    }

    [Fact]
    public void Walk_OtherTypesInUse_FindsThoseOnly()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.DestinationOptions,
            PacketBytes.OptionsHeader(NextHeader.Udp, PacketBytes.Pdmv2(22, type: 0x3e), Clear), Udp(true, Surplus(true, 0x1234)));
        Assert.Equal([(PdmOptionForm.Clear, false, 24), (PdmOptionForm.Clear, true, 26)], Walk(octets, 0x3e, 0x1234));
        Assert.Equal([(PdmOptionForm.Clear, false, 24)], Walk(octets));
    }

    [Fact]
    public void Walk_BadOptions_SaysWhat()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(
            NextHeader.None, PacketBytes.Pdmv2(23), PacketBytes.Pdmv2(22, version: 3), PacketBytes.Pdmv2(34, type: 0x0f)));
        Assert.Equal([PdmOptionForm.Malformed, PdmOptionForm.UnknownVersion, PdmOptionForm.LegacySealed], Walk(octets).Select(o => o.Form));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Walk_SpoiltSurplusOfOurs_IsMalformed(bool isOdd)
    {
        byte[] surplus = Surplus(isOdd);
        surplus[^1] ^= 1;
        Assert.Equal([(PdmOptionForm.Malformed, true, surplus.Length)], Walk(PacketBytes.Ipv6(NextHeader.Udp, Udp(isOdd, surplus))));
    }

    [Fact]
    public void Walk_UnknownVersionBehindUdp_SaysSo()
    {
        byte[] surplus = Surplus(false);
        surplus[6] = 0x30;
        UdpOption.WriteChecksum(surplus, startsAtOddOffset: false);
        Assert.Equal([(PdmOptionForm.UnknownVersion, true, 28)], Walk(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, surplus))));
    }

    [Fact]
    public void Walk_OctetsOfOthersBehindUdp_AreNoOption()
    {
        Assert.Empty(Walk(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, 0))));
        Assert.Empty(Walk(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, 0, 0, 0, 0, 0, 0, 0, 0))));
        Assert.Empty(Walk(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, [.. "something else"u8]))));
    }

    [Fact]
    public void Walk_PacketCutShortOrFragmented_HasNoSurplus()
    {
        byte[] octets = PacketBytes.Ipv6(NextHeader.Udp, Udp(false, Surplus(false)));
        Assert.Empty(Walk(octets[..^1]));
        byte[] fragment = PacketBytes.Ipv6(NextHeader.Fragment, PacketBytes.Fragment(NextHeader.Udp, 0, true), Udp(false, Surplus(false)));
        Assert.Empty(Walk(fragment));
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(42), 0); // an atomic fragment: a whole packet
        Assert.Single(Walk(fragment));
    }
}
