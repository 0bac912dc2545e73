namespace Pdm6.Wire.Tests;

public sealed class Pdmv2OptionViewTests
{
    [Theory]
    [InlineData(true, Pdmv2OptionView.ProtectedSize)]
    [InlineData(false, Pdmv2OptionView.ClearSize)]
    public void TryRead_WhatWriteHeaderWrote_GivesTheFields(bool isProtected, int size)
    {
        byte[] option = new byte[size + 5]; // what follows belongs to somebody else
        for (int i = 8; i < option.Length; i++)
            option[i] = (byte)i;
        Pdmv2OptionView.WriteHeader(option, 0x1e, isProtected, 0x0abc, 0x01020304);
        Assert.Equal(Pdmv2ReadStatus.Ok, Pdmv2OptionView.TryRead(option, out Pdmv2OptionView view));
        Assert.Equal(0x1e, view.OptionType);
        Assert.Equal(isProtected, view.IsProtected);
        Assert.Equal(0x0abc, view.Epoch);
        Assert.Equal(0x01020304u, view.Psntp);
        Assert.Equal(option[..8], view.AssociatedData.ToArray());
        Assert.Equal(option[8..24], view.MetricBlock.ToArray());
        Assert.Equal(option[24..size], view.Tag.ToArray());
        Assert.Equal(option[..size], view.Octets.ToArray());
    }

    [Fact]
    public void WriteHeader_Octets_AreThoseOfTheDraft()
    {
        byte[] header = new byte[8];
        Pdmv2OptionView.WriteHeader(header, 0x1e, isProtected: true, 0x0fff, 0xa1b2c3d4);
        Assert.Equal("1e262fffa1b2c3d4", Convert.ToHexStringLower(header));
        Pdmv2OptionView.WriteHeader(header, 0x3e, isProtected: false, 0, 0);
        Assert.Equal("3e16200000000000", Convert.ToHexStringLower(header));
    }

    [Fact]
    public void WriteHeader_WrongArguments_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Pdmv2OptionView.WriteHeader(new byte[8], 0x1e, isProtected: true, 0x1000, 0));
        Assert.ThrowsAny<ArgumentException>(
            () => Pdmv2OptionView.WriteHeader(new byte[7], 0x1e, isProtected: true, 0, 0));
    }

    [Theory]
    [InlineData("", Pdmv2ReadStatus.Malformed)]
    [InlineData("1e", Pdmv2ReadStatus.Malformed)]
    [InlineData("1e26", Pdmv2ReadStatus.Malformed)]
    [InlineData("1e2620", Pdmv2ReadStatus.Malformed)]
    [InlineData("1e002000", Pdmv2ReadStatus.Malformed)]
    [InlineData("1e003000", Pdmv2ReadStatus.Malformed)] // octet 2 is not the option's: no version to speak of
    [InlineData("1e012000", Pdmv2ReadStatus.Malformed)]
    [InlineData("1e013000", Pdmv2ReadStatus.UnknownVersion)] // as soon as the version is inside
    [InlineData("1e0130", Pdmv2ReadStatus.UnknownVersion)]
    [InlineData("1e022000", Pdmv2ReadStatus.Malformed)]
    [InlineData("1e023000", Pdmv2ReadStatus.UnknownVersion)]
    [InlineData("1e020000", Pdmv2ReadStatus.UnknownVersion)]
    [InlineData("1eff2000", Pdmv2ReadStatus.Malformed)]
    [InlineData("1eff3000", Pdmv2ReadStatus.Malformed)]
    public void TryRead_Short_SaysWhat(string octets, Pdmv2ReadStatus status)
    {
        Assert.Equal(status, Pdmv2OptionView.TryRead(Convert.FromHexString(octets), out Pdmv2OptionView view));
        Assert.True(view.Octets.IsEmpty);
    }

    [Fact]
    public void TryRead_EveryLengthAndSize_AcceptsTheTwoFormsOnly()
    {
        for (int length = 0; length <= byte.MaxValue; length++)
            for (int size = 0; size <= 64; size++)
            {
                byte[] option = new byte[size];
                if (size > 1)
                    option[1] = (byte)length;
                if (size > 2)
                    option[2] = 0x20;
                bool ok = length is 22 or 38 && size >= length + 2;
                Assert.Equal(
                    ok ? Pdmv2ReadStatus.Ok : Pdmv2ReadStatus.Malformed, Pdmv2OptionView.TryRead(option, out _));
            }
    }

    [Fact]
    public void TryRead_EveryVersion_Knows2Only()
    {
        byte[] option = new byte[Pdmv2OptionView.ProtectedSize];
        option[1] = Pdmv2OptionView.ProtectedLength;
        for (int version = 0; version < 16; version++)
        {
            option[2] = (byte)(version << 4 | 0x0f);
            Assert.Equal(
                version == 2 ? Pdmv2ReadStatus.Ok : Pdmv2ReadStatus.UnknownVersion,
                Pdmv2OptionView.TryRead(option, out _));
        }
    }
}
