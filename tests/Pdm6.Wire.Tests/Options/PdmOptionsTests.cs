using System.Buffers.Binary;
using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class PdmOptionsTests
{
    private static readonly byte[] Protected = PacketBytes.Pdmv2(38);
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
            PacketBytes.OptionsHeader(NextHeader.Udp, Protected), Udp(true, Surplus(true)));
        Assert.Equal(
            [(PdmOptionForm.ClearV1, false, 12), (PdmOptionForm.Clear, false, 24), (PdmOptionForm.Protected, false, 40), (PdmOptionForm.Clear, true, 26)],
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
        Assert.Equal(PdmOptionForm.Protected, Only(PacketBytes.Ipv6(
            NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Protected), PacketBytes.Udp(1, 2, 0))));
        Assert.Equal(PdmOptionForm.Clear, Only(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, Surplus(false)))));
    }

    [Fact]
    public void Walk_ProtectedUdpOption_IsProtected()
    {
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize], surplus = new byte[UdpOption.ProtectedSurplusSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 1, 2);
        UdpOption.WriteProtected(surplus, false, associatedData, new byte[16], new byte[16]);
        Assert.Equal([(PdmOptionForm.Protected, true, 42)], Walk(PacketBytes.Ipv6(NextHeader.Udp, Udp(false, surplus))));
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
        Assert.Equal([PdmOptionForm.Malformed, PdmOptionForm.UnknownVersion, PdmOptionForm.LegacyProtected], Walk(octets).Select(o => o.Form));
    }

    /// <summary>A Destination Options header of exactly these octets behind its first two.</summary>
    private static byte[] Header(byte nextHeader, params byte[] options)
    {
        Assert.Equal(6, options.Length % 8);
        return [nextHeader, (byte)(options.Length / 8), .. options];
    }

    private static byte[] UdpBehind(params byte[][] headers) =>
        PacketBytes.Ipv6(NextHeader.DestinationOptions, [.. headers, PacketBytes.Udp(1, 2, 0)]);

    [Fact]
    public void TryFindOnly_GoodOptionAndOneThatOverruns_IsMalformed()
    {
        byte[] octets = UdpBehind(Header(NextHeader.Udp, [.. Protected, 0x1e, 38, 0x20, 0, 0, 0]));
        Assert.Equal([(PdmOptionForm.Protected, false, 40), (PdmOptionForm.Malformed, false, 6)], Walk(octets));
        Assert.Equal(PdmOptionForm.Malformed, Only(octets));
    }

    [Theory]
    [InlineData("1e2620000000", 6)]
    [InlineData("0f0a00000000", 6)]
    [InlineData("05020000001e", 1)] // not even a length
    [InlineData("05020000000f", 1)]
    public void TryFindOnly_OptionThatOverrunsAlone_IsMalformed(string options, int size)
    {
        byte[] octets = UdpBehind(Header(NextHeader.Udp, Convert.FromHexString(options)));
        Assert.Equal([(PdmOptionForm.Malformed, false, size)], Walk(octets));
        Assert.Equal(PdmOptionForm.Malformed, Only(octets));
        octets = UdpBehind(Header(NextHeader.DestinationOptions, Convert.FromHexString(options)), PacketBytes.OptionsHeader(NextHeader.Udp, Protected));
        Assert.Equal([(PdmOptionForm.Malformed, false, size), (PdmOptionForm.Protected, false, 40)], Walk(octets));
    }

    [Fact]
    public void TryFindOnly_AnotherOptionOverruns_SpoilsAPdmOptionButIsNone()
    {
        byte[] other = [5, 5, 0, 0, 0, 0];
        Assert.Equal(PdmOptionForm.Malformed, Only(UdpBehind(Header(NextHeader.Udp, [.. Protected, .. other]))));
        Assert.Equal(PdmOptionForm.Malformed,
            Only(UdpBehind(Header(NextHeader.DestinationOptions, other), PacketBytes.OptionsHeader(NextHeader.Udp, Protected))));
        Assert.Null(Only(UdpBehind(Header(NextHeader.Udp, other))));
    }

    [Theory]
    [InlineData(PdmOptionForm.Clear, PdmOptionForm.Malformed, "01 PDM")]
    [InlineData(PdmOptionForm.Clear, PdmOptionForm.Malformed, "4d02 PDM")]
    [InlineData(PdmOptionForm.Malformed, PdmOptionForm.Malformed, "01 PDM PDM")]
    [InlineData(PdmOptionForm.Malformed, PdmOptionForm.Malformed, "4d02 PDM PDM")]
    [InlineData(PdmOptionForm.Malformed, PdmOptionForm.Malformed, "4d02 c002 PDM")]
    [InlineData(PdmOptionForm.Malformed, PdmOptionForm.Malformed, "4d02 PDM 4d63")]
    [InlineData(PdmOptionForm.Malformed, PdmOptionForm.Malformed, "4d02 7f1a504d20")]
    [InlineData(PdmOptionForm.UnknownVersion, PdmOptionForm.Malformed, "4d02 7f05504d30")]
    [InlineData(null, PdmOptionForm.Protected, "4d02")]
    [InlineData(null, PdmOptionForm.Protected, "c002")]
    [InlineData(null, PdmOptionForm.Protected, "4d63 PDM")]
    [InlineData(null, PdmOptionForm.Protected, "030a0014000000010000 PDM")]
    [InlineData(null, PdmOptionForm.Protected, "00 PDM")]
    public void TryFindOnly_SurplusWithARightChecksum_CountsIfAPdmOptionIsMet(
        PdmOptionForm? alone, PdmOptionForm besideAnother, string options)
    {
        byte[] octets = Convert.FromHexString(
            options.Replace("PDM", Convert.ToHexString(PacketBytes.PdmUdpOption()), StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
        foreach (bool isOdd in new[] { false, true })
        {
            byte[] udp = Udp(isOdd, PacketBytes.Surplus(isOdd, octets));
            Assert.Equal(alone, Only(PacketBytes.Ipv6(NextHeader.Udp, udp)));
            Assert.Equal(besideAnother,
                Only(PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Protected), udp)));
        }
    }

    [Theory]
    [InlineData(PdmOptionForm.Malformed, "")]
    [InlineData(PdmOptionForm.Malformed, "010101")]
    [InlineData(null, "4d02")]
    public void TryFindOnly_SurplusWithAWrongChecksum_CountsOnlyAloneAndIfItBeginsWithPdm(PdmOptionForm? alone, string before)
    {
        foreach (bool isOdd in new[] { false, true })
        {
            byte[] surplus = PacketBytes.Surplus(isOdd, Convert.FromHexString(before), PacketBytes.PdmUdpOption());
            surplus[^1] ^= 1;
            byte[] udp = Udp(isOdd, surplus);
            Assert.Equal(alone, Only(PacketBytes.Ipv6(NextHeader.Udp, udp)));
            Assert.Equal(PdmOptionForm.Protected,
                Only(PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Protected), udp)));
        }
    }

    [Fact]
    public void TryFindOnly_SurplusWithAWrongPad_IsThatWithAWrongChecksum()
    {
        byte[] surplus = PacketBytes.Surplus(true, PacketBytes.PdmUdpOption());
        surplus[0] = 1;
        Assert.Equal(PdmOptionForm.Malformed, Only(PacketBytes.Ipv6(NextHeader.Udp, Udp(true, surplus))));
        Assert.Equal(PdmOptionForm.Clear, Only(PacketBytes.Ipv6(
            NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Clear), Udp(true, surplus))));
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
