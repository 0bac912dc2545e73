using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public class UpperLayerFieldsTests
{
    private static UpperLayerFields? Read(byte protocol, byte[] upper) =>
        UpperLayerFields.TryRead(protocol, upper, out UpperLayerFields fields) ? fields : null;

    [Theory]
    [InlineData(20, 0)]
    [InlineData(32, 0)]
    [InlineData(60, 1400)]
    public void TryRead_Tcp_CountsBehindTheOptions(int headerSize, int payload) =>
        Assert.Equal(new UpperLayerFields((ushort)payload, 0x18, 0x01020304, 0xcafe),
            Read(NextHeader.Tcp, PacketBytes.Tcp(1, 2, 0x01020304, 0x18, headerSize, payload)));

    [Fact]
    public void TryRead_OtherProtocols_HaveNoTcpFields()
    {
        byte[] upper = PacketBytes.Udp(0x0102, 0x0304, payload: 4);
        Assert.Equal(new UpperLayerFields(4, 0, 0, 0xbeef), Read(NextHeader.Udp, upper));
        Assert.Equal(new UpperLayerFields(4, 0, 0, 0x0304), Read(NextHeader.Icmpv6, upper));
        Assert.Equal(new UpperLayerFields(0, 0, 0, 0), Read(NextHeader.Sctp, upper));
        Assert.Equal(new UpperLayerFields(12, 0, 0, 0), Read(47, upper));
    }

    [Theory]
    [InlineData(NextHeader.Udp, 0, 20)]
    [InlineData(NextHeader.Udp, 7, 20)]
    [InlineData(NextHeader.Udp, 8, 0)]
    [InlineData(NextHeader.Udp, 9, 1)]
    [InlineData(NextHeader.Udp, 28, 20)]
    [InlineData(NextHeader.Udp, 29, 20)] // not all there
    [InlineData(NextHeader.Udp, 65535, 20)]
    [InlineData(NextHeader.UdpLite, 9, 20)] // there it says how much the checksum covers
    public void TryRead_UdpLength_EndsThePayload(byte protocol, int udpLength, int payload)
    {
        byte[] upper = PacketBytes.Udp(1, 2, 20);
        (upper[4], upper[5]) = ((byte)(udpLength >> 8), (byte)udpLength);
        Assert.Equal(payload, Read(protocol, upper)!.Value.PayloadLength);
    }

    [Theory]
    [InlineData(NextHeader.Tcp, 20)]
    [InlineData(NextHeader.Udp, 8)]
    [InlineData(NextHeader.UdpLite, 8)]
    [InlineData(NextHeader.Icmpv6, 8)]
    [InlineData(NextHeader.Sctp, 12)]
    [InlineData(NextHeader.Dccp, 12)]
    public void TryRead_HeaderCutShort_IsRefused(byte protocol, int headerSize)
    {
        for (int length = 0; length < headerSize; length++)
            Assert.Null(Read(protocol, new byte[length]));
        Assert.NotNull(Read(protocol, new byte[headerSize]));
    }

    [Fact]
    public void TryRead_TcpOptionsCutShort_IsRefused()
    {
        byte[] tcp = PacketBytes.Tcp(1, 2, 3, 0, 32, 0);
        Assert.Null(Read(NextHeader.Tcp, tcp[..31]));
        tcp[12] = 0;
        Assert.Equal(12, Read(NextHeader.Tcp, tcp)!.Value.PayloadLength);
    }

    [Fact]
    public void TryRead_SuperPacket_Saturates() =>
        Assert.Equal(ushort.MaxValue, Read(NextHeader.Udp, new byte[100_000])!.Value.PayloadLength);
}
