using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class FragmentHeaderViewTests
{
    [Theory]
    [InlineData(0, true, false)]
    [InlineData(0, false, true)]
    [InlineData(1448, true, false)]
    [InlineData(0xfff8, false, false)]
    public void TryRead_Header_GivesTheFields(ushort offset, bool hasMore, bool isAtomic)
    {
        byte[] octets = PacketBytes.Fragment(NextHeader.Udp, offset, hasMore);
        octets[3] |= 6; // reserved bits
        Assert.True(FragmentHeaderView.TryRead(octets, out FragmentHeaderView header));
        Assert.Equal(((int)offset, hasMore, isAtomic, 0x01020304u),
            (header.Offset, header.HasMore, header.IsAtomic, header.Identification));
    }

    [Fact]
    public void TryRead_CutShort_IsFalse() => Assert.False(FragmentHeaderView.TryRead(new byte[7], out _));
}
