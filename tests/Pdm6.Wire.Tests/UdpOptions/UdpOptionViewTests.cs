using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class UdpOptionViewTests
{
    private static readonly byte[] Pdm = PacketBytes.PdmUdpOption();

    private static UdpOptionReadStatus StatusOf(bool isOdd, byte[] area)
    {
        UdpOptionReadStatus status = UdpOptionView.TryRead(area, isOdd, UdpOption.DefaultExId, out UdpOptionView view);
        Assert.Equal(status != UdpOptionReadStatus.Ok, view.Octets.IsEmpty);
        return status;
    }

    private static UdpOptionReadStatus StatusOf(params byte[][] options)
    {
        UdpOptionReadStatus status = StatusOf(false, PacketBytes.Surplus(false, options));
        Assert.Equal(status, StatusOf(true, PacketBytes.Surplus(true, options)));
        return status;
    }

    [Fact]
    public void TryRead_AmongOtherOptions_IsFound()
    {
        byte[] unknown = [77, 5, 1, 2, 3], extended = [78, 255, 1, 4, .. new byte[256]], shortExtended = [79, 255, 0, 4];
        byte[] otherExperiment = [127, 6, 0x12, 0x34, 1, 2], sizes = [4, 4, 5, 0];
        Assert.Equal(UdpOptionReadStatus.Ok, StatusOf([1, 1], sizes, unknown, extended, shortExtended, otherExperiment, Pdm, [1], unknown));
        Assert.Equal(UdpOptionReadStatus.None, StatusOf([1, 1], sizes, unknown, extended, shortExtended, otherExperiment));
    }

    [Fact]
    public void TryRead_BehindTheEndOfTheList_IsNotLookedFor()
    {
        Assert.Equal(UdpOptionReadStatus.None, StatusOf([0], Pdm));
        Assert.Equal(UdpOptionReadStatus.Ok, StatusOf(Pdm, [0, 0, 0]));
        Assert.Equal(UdpOptionReadStatus.Ok, StatusOf(Pdm, [0], Pdm, [9]));
    }

    [Fact]
    public void TryRead_NoOptions_IsNone()
    {
        Assert.Equal(UdpOptionReadStatus.None, StatusOf());
        Assert.Equal(UdpOptionReadStatus.None, StatusOf([1], [1], [1]));
    }

    [Fact]
    public void ExId_OptionFoundWithIt_IsTheOneOnTheWire()
    {
        byte[] option = [.. Pdm];
        (option[2], option[3]) = (0x12, 0x34);
        Assert.Equal(
            UdpOptionReadStatus.Ok,
            UdpOptionView.TryRead(PacketBytes.Surplus(false, option), startsAtOddOffset: false, 0x1234, out UdpOptionView view));
        Assert.Equal(0x1234, view.ExId);
    }

    [Fact]
    public void TryRead_TwoPdmOptions_IsMalformed() =>
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(Pdm, Pdm));

    [Theory]
    [InlineData(true, "7f1a504d20000000000100000000000000000000000000000000")]
    [InlineData(true, "017f06504d3000")]
    [InlineData(true, "4d02" + "7f05504d20")]
    [InlineData(true, "7f05504d20" + "7f05504d20")]
    [InlineData(true, "c002" + "7f05504d20")] // behind an option of an unsafe kind
    [InlineData(true, "7f05504d20" + "c002")]
    [InlineData(true, "4d02" + "7f1a504d20")] // runs past the end
    [InlineData(true, "7f03504d")] // shorter than its kind allows
    [InlineData(true, "7fff0009504d200000")]
    [InlineData(false, "")]
    [InlineData(false, "4d02")]
    [InlineData(false, "c002")]
    [InlineData(false, "4d09")]
    [InlineData(false, "7f1a504e20")] // somebody else's
    [InlineData(false, "7f")]
    [InlineData(false, "7fff0009504e200000")]
    [InlineData(false, "00" + "7f05504d20")] // behind the end of the list
    [InlineData(false, "4d63" + "7f05504d20")] // inside an option that runs past the end
    [InlineData(false, "7f05504d20" + "030a0014000000010000")] // the option of another datagram
    public void Find_HasPdmOption_SaysWhetherOneWasMet(bool hasPdmOption, string hex)
    {
        foreach (bool isOdd in new[] { false, true })
        {
            byte[] area = PacketBytes.Surplus(isOdd, Convert.FromHexString(hex));
            UdpOptionView.Find(area, isOdd, UdpOption.DefaultExId, out _, out bool has);
            Assert.Equal(hasPdmOption, has);
            area[isOdd ? 1 : 0] ^= 1; // the checksum: what stands behind it is no option
            UdpOptionView.Find(area, isOdd, UdpOption.DefaultExId, out _, out has);
            Assert.False(has);
        }
    }

    [Theory]
    [InlineData("4d")] // no length
    [InlineData("4d00")]
    [InlineData("4d01")]
    [InlineData("4d03")] // runs past the end
    [InlineData("4dff")]
    [InlineData("4dff00")]
    [InlineData("4dff0003")] // shorter than its own header
    [InlineData("4dff0005")]
    [InlineData("0405")]
    [InlineData("0403aa")] // less than a Maximum Datagram Size takes
    [InlineData("0205aabbcc")]
    [InlineData("0504aabb")]
    [InlineData("0605aabbcc")]
    [InlineData("0705aabbcc")]
    [InlineData("0809aabbccddeeff00")]
    [InlineData("0309aabbccddeeff00")]
    [InlineData("7f0350")]
    [InlineData("c002")] // unsafe
    [InlineData("fe045555")]
    public void TryRead_OptionThatSpoilsTheArea_IsMalformed(string hex)
    {
        byte[] option = Convert.FromHexString(hex);
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(option));
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(Pdm, option));
    }

    [Fact]
    public void TryRead_FragmentOfAnotherDatagram_IsNotLookedInto()
    {
        byte[] fragment = [3, 10, 0, 20, 0, 0, 0, 1, 0, 0];
        Assert.Equal(UdpOptionReadStatus.None, StatusOf(fragment, Pdm));
        Assert.Equal(UdpOptionReadStatus.None, StatusOf(Pdm, fragment, [77, 99]));
    }

    [Fact]
    public void TryRead_LengthThatNoFormHas_IsMalformed()
    {
        for (int length = 0; length <= byte.MaxValue; length++)
        {
            byte[] option = new byte[Math.Max(4, length)];
            (option[0], option[1], option[2], option[3]) = (127, (byte)length, 0x50, 0x4d);
            if (length > 4)
                option[4] = 0x20;
            UdpOptionReadStatus expected = length is 26 or 42 ? UdpOptionReadStatus.Ok : UdpOptionReadStatus.Malformed;
            Assert.Equal(expected, StatusOf(option));
        }
    }

    [Fact]
    public void TryRead_ExtendedLength_IsNoFormOfOurs()
    {
        byte[] option = [127, 255, 0, 28, 0x50, 0x4d, 0x20, .. new byte[21]];
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(option));
        option[5] ^= 1; // somebody else's experiment
        Assert.Equal(UdpOptionReadStatus.None, StatusOf(option));
        Assert.Equal(UdpOptionReadStatus.None, StatusOf([127, 255, 0, 4]));
        Assert.Equal(UdpOptionReadStatus.None, StatusOf([127, 255, 0, 5, 0x50]));
    }

    [Fact]
    public void TryRead_EveryVersion_Knows2Only()
    {
        for (int version = 0; version < 16; version++)
        {
            byte[] option = [.. Pdm];
            option[4] = (byte)(version << 4 | 0xf);
            Assert.Equal(version == 2 ? UdpOptionReadStatus.Ok : UdpOptionReadStatus.UnknownVersion, StatusOf(option));
        }
        Assert.Equal(UdpOptionReadStatus.UnknownVersion, StatusOf([127, 6, 0x50, 0x4d, 0x30, 0]));
        Assert.Equal(UdpOptionReadStatus.UnknownVersion, StatusOf([127, 5, 0x50, 0x4d, 0x30]));
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf([127, 5, 0x50, 0x4d, 0x20]));
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf([127, 4, 0x50, 0x4d], [0x30]));
    }

    [Fact]
    public void TryRead_AnotherExId_IsNone()
    {
        byte[] area = PacketBytes.Surplus(false, Pdm);
        Assert.Equal(UdpOptionReadStatus.None, UdpOptionView.TryRead(area, false, 0x504e, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRead_AnySingleBitFlipped_IsNeverOk(bool isOdd)
    {
        byte[] area = PacketBytes.Surplus(isOdd, Pdm);
        for (int bit = 0; bit < area.Length * 8; bit++)
        {
            area[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(isOdd, area));
            area[bit / 8] ^= (byte)(1 << bit % 8);
        }
        Assert.Equal(UdpOptionReadStatus.Ok, StatusOf(isOdd, area));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRead_CutAnywhere_IsMalformed(bool isOdd)
    {
        byte[] area = PacketBytes.Surplus(isOdd, Pdm);
        for (int size = 0; size < area.Length; size++)
            Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(isOdd, area[..size]));
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(!isOdd, area));
    }

    [Fact]
    public void TryRead_ChecksumNotUsed_IsMalformed()
    {
        // With FFFF in its place the sum is right, and 0 is the same number to the sum.
        byte[] area = [0, 0, 1, 1, 0xfe, 0xf8];
        area[0] = area[1] = 0xff;
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(false, area)); // FE is an unsafe kind
        byte[] nothing = [0, 0, 0, 1, 0, 0, 0xff, 0xf6];
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(false, nothing));
        nothing[0] = nothing[1] = 0xff;
        Assert.Equal(UdpOptionReadStatus.None, StatusOf(false, nothing));
    }
}
