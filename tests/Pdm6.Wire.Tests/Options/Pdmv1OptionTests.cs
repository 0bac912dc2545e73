namespace Pdm6.Wire.Tests;

public sealed class Pdmv1OptionTests
{
    private const string Hex = "0f0a0e220102030456781234";

    private static readonly Pdmv1Option Option = new(0x0102, 0x0304, new PdmTime(0x5678, 14), new PdmTime(0x1234, 34));

    [Fact]
    public void Write_Octets_AreThoseOfRfc8250()
    {
        byte[] octets = new byte[13];
        octets[12] = 0xee;
        Option.Write(octets);
        Assert.Equal(Hex + "ee", Convert.ToHexStringLower(octets));
    }

    [Fact]
    public void TryRead_WhatWriteWrote_GivesTheFields()
    {
        Assert.True(Pdmv1Option.TryRead(Convert.FromHexString(Hex + "eeee"), out Pdmv1Option option));
        Assert.Equal(Option, option);
    }

    [Fact]
    public void TryRead_RandomOctets_WriteGivesThemBack()
    {
        Random random = new(8250);
        byte[] octets = new byte[Pdmv1Option.Size], again = new byte[Pdmv1Option.Size];
        for (int i = 0; i < 10_000; i++)
        {
            random.NextBytes(octets);
            (octets[0], octets[1]) = (Pdmv1Option.OptionType, Pdmv1Option.OptionLength);
            Assert.True(Pdmv1Option.TryRead(octets, out Pdmv1Option option));
            option.Write(again);
            Assert.Equal(octets, again);
        }
    }

    [Fact]
    public void TryRead_EveryLengthAndSize_Accepts10Only()
    {
        for (int length = 0; length <= byte.MaxValue; length++)
            for (int size = 0; size <= 20; size++)
            {
                byte[] octets = new byte[size];
                if (size > 1)
                    octets[1] = (byte)length;
                bool ok = length == 10 && size >= 12;
                Assert.Equal(ok, Pdmv1Option.TryRead(octets, out Pdmv1Option option));
                if (!ok)
                    Assert.Equal(default, option);
            }
    }

    [Fact]
    public void Write_NoRoom_IsTheCallersMistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Option.Write(new byte[11]));
}
