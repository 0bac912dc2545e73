namespace Pdm6.Wire.Tests;

public sealed class UdpOptionTests
{
    // Computed with a 16-bit loop in another language.
    private const string ClearOption = "7f1a504d" + "2000" + "00000001" + "00000002000000030e000000ee6b0000";

    private static readonly PdmMetrics Metrics = new(2, 3, new PdmTime(0xee6b, 14), default);

    [Theory]
    [InlineData(false, "140a" + ClearOption)]
    [InlineData(true, "00" + "1409" + ClearOption)]
    public void WriteClear_Octets_AreThoseOfRfc9868(bool isOdd, string hex)
    {
        byte[] surplus = new byte[40];
        surplus.AsSpan().Fill(0xee);
        int size = UdpOption.WriteClear(surplus, isOdd, 1, Metrics);
        Assert.Equal(hex, Convert.ToHexStringLower(surplus[..size]));
        Assert.Equal(isOdd ? 29 : 28, size);
        Assert.Equal(0xee, surplus[size]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRead_WhatWriteClearWrote_GivesTheFields(bool isOdd)
    {
        byte[] surplus = new byte[29];
        surplus = surplus[..UdpOption.WriteClear(surplus, isOdd, 0xa1b2c3d4, Metrics, 0x9999)];
        Assert.Equal(UdpOptionReadStatus.Ok, UdpOptionView.TryRead(surplus, isOdd, 0x9999, out UdpOptionView view));
        Assert.Equal((false, 0, 0xa1b2c3d4u), (view.IsProtected, view.Epoch, view.Psntp));
        Assert.Equal(Metrics, PdmMetrics.Read(view.MetricBlock));
        Assert.True(view.Tag.IsEmpty);
        Assert.Equal(surplus[^26..], view.Octets.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRead_WhatWriteProtectedWrote_GivesTheFields(bool isOdd)
    {
        byte[] associatedData = new byte[10], ciphertext = new byte[16], tag = new byte[16], surplus = new byte[45];
        Random.Shared.NextBytes(ciphertext);
        Random.Shared.NextBytes(tag);
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 0xabc, 5);
        Assert.Equal("7f2a504d2abc00000005", Convert.ToHexStringLower(associatedData));

        int size = UdpOption.WriteProtected(surplus, isOdd, associatedData, ciphertext, tag);

        Assert.Equal(isOdd ? 45 : 44, size);
        surplus = surplus[..size];
        Assert.Equal(UdpOptionReadStatus.Ok, UdpOptionView.TryRead(surplus, isOdd, UdpOption.DefaultExId, out UdpOptionView view));
        Assert.Equal((true, 0xabc, 5u), (view.IsProtected, view.Epoch, view.Psntp));
        Assert.Equal(associatedData, view.AssociatedData.ToArray());
        Assert.Equal(ciphertext, view.MetricBlock.ToArray());
        Assert.Equal(tag, view.Tag.ToArray());
        Assert.Equal(surplus[^42..], view.Octets.ToArray());
    }

    [Fact]
    public void WriteChecksum_SumThatComesTo0_IsSentAsFfff()
    {
        // The words after the checksum, and the length 6, add up to FFFF.
        byte[] surplus = [0, 0, 1, 1, 0xfe, 0xf8];
        UdpOption.WriteChecksum(surplus, startsAtOddOffset: false);
        Assert.Equal([0xff, 0xff], surplus[..2]);
    }

    [Fact]
    public void WriteProtected_AssociatedDataOfAnotherForm_IsTheCallersMistake()
    {
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize];
        void Write() => UdpOption.WriteProtected(new byte[44], false, associatedData, new byte[16], new byte[16]);
        UdpOption.WriteAssociatedData(associatedData, isProtected: false, UdpOption.DefaultExId, 1, 2);
        Assert.Throws<ArgumentException>(Write);
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 1, 2);
        Write();
        associatedData[0] ^= 1;
        Assert.Throws<ArgumentException>(Write);
    }

    [Fact]
    public void Write_WrongArguments_IsTheCallersMistake()
    {
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 1, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpOption.WriteClear(new byte[27], false, 1, Metrics));
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpOption.WriteClear(new byte[28], true, 1, Metrics));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => UdpOption.WriteProtected(new byte[43], false, associatedData, new byte[16], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => UdpOption.WriteProtected(new byte[44], false, associatedData.AsSpan(1), new byte[16], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => UdpOption.WriteProtected(new byte[44], false, associatedData, new byte[17], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => UdpOption.WriteProtected(new byte[44], false, associatedData, new byte[16], new byte[15]));
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpOption.WriteAssociatedData(new byte[9], false, 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpOption.WriteAssociatedData(new byte[10], false, 1, 0x1000, 1));
        Assert.ThrowsAny<ArgumentException>(() => UdpOption.WriteChecksum(new byte[2], true));
    }
}
