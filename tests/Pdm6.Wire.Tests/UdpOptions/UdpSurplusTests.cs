using System.Buffers.Binary;
using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class UdpSurplusTests
{
    [Theory]
    [InlineData(8, 1, false)]
    [InlineData(9, 1, true)]
    [InlineData(30, 44, false)]
    [InlineData(31, 45, true)]
    public void TryFind_OctetsBehindTheDatagram_GivesThem(int udpLength, int size, bool isOdd)
    {
        byte[] upper = [.. PacketBytes.Udp(1, 2, udpLength - 8), .. Enumerable.Repeat((byte)7, size)];
        Assert.True(UdpSurplus.TryFind(upper, out UdpSurplus surplus));
        Assert.Equal((size, udpLength, isOdd), (surplus.Octets.Length, (int)surplus.UdpLength, surplus.StartsAtOddOffset));
        Assert.Equal(7, surplus.Octets[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(65535)]
    public void TryFind_LengthThatLeavesNothing_IsFalse(int udpLength)
    {
        byte[] upper = PacketBytes.Udp(1, 2, 12);
        BinaryPrimitives.WriteUInt16BigEndian(upper.AsSpan(4), (ushort)udpLength);
        Assert.False(UdpSurplus.TryFind(upper, out _));
    }

    [Fact]
    public void TryFind_NoWholeHeader_IsFalse()
    {
        byte[] upper = PacketBytes.Udp(1, 2, 0);
        for (int size = 0; size < 8; size++)
            Assert.False(UdpSurplus.TryFind(upper.AsSpan(0, size), out _));
    }

    [Fact]
    public void TryFind_OtherProtocol_IsFalse()
    {
        foreach (byte protocol in new[] { NextHeader.Tcp, NextHeader.UdpLite })
        {
            Ipv6PacketView.TryRead(PacketBytes.Ipv6(protocol, PacketBytes.Udp(1, 2, 0), [1, 2, 3]), out Ipv6PacketView packet);
            Assert.False(UdpSurplus.TryFind(packet, out _));
        }
    }
}
