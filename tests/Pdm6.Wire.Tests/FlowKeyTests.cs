namespace Pdm6.Wire.Tests;

public sealed class FlowKeyTests
{
    private static readonly Ipv6Address s_a = Ipv6Address.Parse("2001:db8::a");
    private static readonly Ipv6Address s_b = Ipv6Address.Parse("2001:db8::b");

    [Theory]
    [InlineData(NextHeader.Tcp)]
    [InlineData(NextHeader.Udp)]
    [InlineData(NextHeader.Sctp)]
    [InlineData(200)]
    public void TryReverse_NotIcmp_SwapsAddressesAndPorts(byte protocol)
    {
        FlowKey flow = new(s_a, s_b, protocol, 40000, 53);
        Assert.True(flow.TryReverse(out FlowKey reverse));
        Assert.Equal(new FlowKey(s_b, s_a, protocol, 53, 40000), reverse);
    }

    // draft-15, PDMv2 Flow Identification: the Identifier stays in its place.
    [Theory]
    [InlineData(128, 129)]
    [InlineData(129, 128)]
    public void TryReverse_Echo_IsTheOtherEchoType(int type, int reverseType)
    {
        FlowKey flow = new(s_a, s_b, NextHeader.Icmpv6, (ushort)(type << 8), 0xbeef);
        Assert.True(flow.IsEcho);
        Assert.Equal(type, flow.IcmpType);
        Assert.True(flow.TryReverse(out FlowKey reverse));
        Assert.Equal(new FlowKey(s_b, s_a, NextHeader.Icmpv6, (ushort)(reverseType << 8), 0xbeef), reverse);
        Assert.True(reverse.TryReverse(out FlowKey again));
        Assert.Equal(flow, again);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(130)]
    [InlineData(135)]
    public void TryReverse_OtherIcmp_HasNone(int type)
    {
        FlowKey flow = new(s_a, s_b, NextHeader.Icmpv6, (ushort)(type << 8 | 4), 0);
        Assert.False(flow.IsEcho);
        Assert.False(flow.TryReverse(out FlowKey reverse));
        Assert.Equal(default, reverse);
    }

    [Fact]
    public void IsEcho_UdpWithTheSameBits_IsFalse() =>
        Assert.False(new FlowKey(s_a, s_b, NextHeader.Udp, 128 << 8, 1).IsEcho);

    [Fact]
    public void WriteAndRead_Fields_AreInWireOrder()
    {
        FlowKey flow = new(s_a, s_b, 0x11, 0x2233, 0x4455);
        byte[] octets = new byte[FlowKey.Size];
        flow.Write(octets);
        Assert.Equal(
            "20010db800000000000000000000000a20010db800000000000000000000000b1122334455",
            Convert.ToHexStringLower(octets));
        Assert.Equal(flow, FlowKey.Read(octets));
    }

    [Fact]
    public void WriteAndRead_OneOctetShort_IsTheCallersMistake()
    {
        Assert.ThrowsAny<ArgumentException>(() => FlowKey.Read(new byte[FlowKey.Size - 1]));
        Assert.ThrowsAny<ArgumentException>(() => default(FlowKey).Write(new byte[FlowKey.Size - 1]));
    }

    [Theory]
    [InlineData(NextHeader.Tcp, true)]
    [InlineData(NextHeader.Udp, true)]
    [InlineData(NextHeader.UdpLite, true)]
    [InlineData(NextHeader.Sctp, true)]
    [InlineData(NextHeader.Dccp, true)]
    [InlineData(NextHeader.Icmpv6, false)]
    [InlineData(NextHeader.Esp, false)]
    [InlineData(NextHeader.None, false)]
    public void HasPorts_Protocol_IsOneOfFive(byte protocol, bool ports) =>
        Assert.Equal(ports, NextHeader.HasPorts(protocol));
}
