namespace Pdm6.Wire.Tests;

public sealed class UdpOptionViewTests
{
    private static readonly byte[] Pdm = OptionOf(0x0b, 1);

    private static byte[] OptionOf(ushort epoch, uint psntp)
    {
        byte[] option = new byte[UdpOption.ClearLength];
        UdpOption.WriteAssociatedData(option, isProtected: false, UdpOption.DefaultExId, epoch, psntp);
        return option;
    }

    /// <summary>A surplus area around these options, its checksum right.</summary>
    private static byte[] Area(bool isOdd, params byte[][] options)
    {
        byte[] area = [.. new byte[isOdd ? 3 : 2], .. options.SelectMany(o => o)];
        UdpOption.WriteChecksum(area, isOdd);
        return area;
    }

    private static UdpOptionReadStatus StatusOf(bool isOdd, byte[] area)
    {
        UdpOptionReadStatus status = UdpOptionView.TryRead(area, isOdd, UdpOption.DefaultExId, out UdpOptionView view);
        Assert.Equal(status != UdpOptionReadStatus.Ok, view.Octets.IsEmpty);
        return status;
    }

    private static UdpOptionReadStatus StatusOf(params byte[][] options)
    {
        UdpOptionReadStatus status = StatusOf(false, Area(false, options));
        Assert.Equal(status, StatusOf(true, Area(true, options)));
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
    public void TryRead_TwoPdmOptions_IsMalformed() =>
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf(Pdm, Pdm));

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
        Assert.Equal(UdpOptionReadStatus.Malformed, StatusOf([127, 5, 0x50, 0x4d, 0x30]));
    }

    [Fact]
    public void TryRead_AnotherExId_IsNone()
    {
        byte[] area = Area(false, Pdm);
        Assert.Equal(UdpOptionReadStatus.None, UdpOptionView.TryRead(area, false, 0x504e, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRead_AnySingleBitFlipped_IsNeverOk(bool isOdd)
    {
        byte[] area = Area(isOdd, Pdm);
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
        byte[] area = Area(isOdd, Pdm);
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
