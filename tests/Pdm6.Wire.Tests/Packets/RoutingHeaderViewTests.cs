using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class RoutingHeaderViewTests
{
    private static readonly Ipv6Address First = Ipv6Address.Parse("2001:db8::1");
    private static readonly Ipv6Address Second = Ipv6Address.Parse("2001:db8::2");

    [Fact]
    public void TryRead_SegmentRouting_GivesTheFields()
    {
        byte[] octets = [.. PacketBytes.Routing(NextHeader.Udp, 4, 1, First, Second), 9, 9];
        Assert.True(RoutingHeaderView.TryRead(octets, out RoutingHeaderView header));
        Assert.Equal((4, 1, 2), (header.RoutingType, header.SegmentsLeft, header.AddressCount));
        Assert.Equal((First, Second), (header.Address(0), header.Address(1)));
    }

    [Fact]
    public void TryRead_CutAnywhere_IsFalse()
    {
        byte[] octets = PacketBytes.Routing(NextHeader.Udp, 4, 1, First, Second);
        for (int size = 0; size < octets.Length; size++)
            Assert.False(RoutingHeaderView.TryRead(octets.AsSpan(0, size), out _));
    }

    [Fact]
    public void AddressCount_TlvsBehindTheList_AreNotCounted()
    {
        byte[] octets = PacketBytes.Routing(NextHeader.Udp, 4, 1, First, Second);
        octets[4] = 0; // Last Entry: the second 16 octets are TLVs
        Assert.True(RoutingHeaderView.TryRead(octets, out RoutingHeaderView header));
        Assert.Equal(1, header.AddressCount);
    }

    [Theory]
    [InlineData(4, 2)] // Last Entry past the end
    [InlineData(4, 255)]
    [InlineData(3, 0)] // RPL: compressed addresses
    [InlineData(77, 0)]
    public void AddressCount_ListThatCannotBeRead_Is0(byte type, byte lastEntry)
    {
        byte[] octets = PacketBytes.Routing(NextHeader.Udp, type, 1, First, Second);
        octets[4] = lastEntry;
        Assert.True(RoutingHeaderView.TryRead(octets, out RoutingHeaderView header));
        Assert.Equal(0, header.AddressCount);
        Assert.False(header.TryGetFinalDestination(First, out _));
    }

    [Fact]
    public void Address_NotThere_IsTheCallersMistake()
    {
        foreach (int index in new[] { -1, 2 })
            Assert.Throws<ArgumentOutOfRangeException>(() =>
            {
                Assert.True(RoutingHeaderView.TryRead(PacketBytes.Routing(17, 4, 1, First, Second), out RoutingHeaderView header));
                header.Address(index);
            });
    }
}
