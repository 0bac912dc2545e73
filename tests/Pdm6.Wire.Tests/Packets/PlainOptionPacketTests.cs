using static Pdm6.Wire.Tests.Packets.PacketBytes;

namespace Pdm6.Wire.Tests.Packets;

public class PlainOptionPacketTests
{
    private static readonly byte[] s_udp = Udp(5000, 53, payload: 20);
    private static readonly byte[] s_tcp = Tcp(5001, 80, sequence: 77, flags: 0x18, headerSize: 32, payload: 10);

    public static TheoryData<byte[]> Plain =>
    [
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdmv2(38)), s_udp),
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdmv2(22)), s_udp),
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Tcp, Pdmv2(38)), s_tcp),
        [.. Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Tcp, Pdmv2(22)), s_tcp), 1, 2, 3],
    ];

    public static TheoryData<byte[]> NotPlain =>
    [
        Ipv6(NextHeader.Udp, s_udp),
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdmv2(22), Pdmv2(22)), s_udp),
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdmv2(22, version: 1)), s_udp),
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdmv2(22)), s_udp)[..^1],
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdmv2(22)), s_udp, Surplus(isOdd: false, PdmUdpOption())),
        Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Icmpv6, Pdmv2(22)), new byte[16]),
    ];

    /// <summary>True if the packet was taken; then all that is said of it is what the walk says.</summary>
    private static bool AgreesWithTheWalk(byte[] octets)
    {
        if (!PlainOptionPacket.TryRead(octets, Pdmv2OptionView.DefaultOptionType, out PlainOptionPacket plain))
            return false;
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        Assert.True(packet.IsWhole);
        Assert.False(packet.IsFragment);
        Assert.True(new PdmOptions(packet).TryFindOnly(out PdmOptionInPacket option));
        Assert.Equal((plain.IsProtected ? PdmOptionForm.Protected : PdmOptionForm.Clear, false), (option.Form, option.IsUdpOption));
        Assert.True(plain.Option.SequenceEqual(option.Octets));
        Assert.True(packet.TryGetFlow(out FlowKey flow));
        Assert.True(UpperLayerFields.TryRead(packet.UpperProtocol, packet.UpperLayer, out UpperLayerFields fields));
        Assert.Equal((flow, packet.HopLimit, fields), (plain.Flow, plain.HopLimit, plain.UpperLayer));
        return true;
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void TryRead_PlainPacket_SaysWhatTheWalkSays(byte[] octets) => Assert.True(AgreesWithTheWalk(octets));

    [Theory]
    [MemberData(nameof(NotPlain))]
    public void TryRead_PacketThatMustBeWalked_IsLeftToTheWalk(byte[] octets) => Assert.False(AgreesWithTheWalk(octets));

    [Fact]
    public void TryRead_OptionsOfEveryLength_NeverContradictTheWalk()
    {
        for (int length = 1; length < 60; length++)
            AgreesWithTheWalk(Ipv6(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdmv2((byte)length)), s_udp));
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void TryRead_OneOctetChanged_NeverContradictsTheWalk(byte[] octets)
    {
        int taken = 0, left = 0;
        for (int at = 0; at < octets.Length; at++)
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                byte[] changed = [.. octets];
                changed[at] = (byte)value;
                _ = AgreesWithTheWalk(changed) ? taken++ : left++;
            }
        Assert.InRange(taken, 1_000, int.MaxValue);
        Assert.InRange(left, 1_000, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void TryRead_CutAnywhere_IsLeftToTheWalk(byte[] octets)
    {
        int size = 40 + (octets[4] << 8 | octets[5]);
        for (int length = 0; length < size; length++)
            Assert.False(AgreesWithTheWalk(octets[..length]));
    }
}
