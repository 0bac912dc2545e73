namespace Pdm6.Wire.Tests;

public sealed class TlvTests
{
    private static readonly (TlvType Type, int Size)[] Sizes =
    [
        (TlvType.RoundTrip, 8), (TlvType.Jitter, 8), (TlvType.HopCount, 1), (TlvType.LossRate, 4),
        (TlvType.ReceiveTime, 8), (TlvType.SendTime, 8), (TlvType.Pdm, 16),
    ];

    private static List<(ushort Type, string Value)> Read(byte[] tlvs, out bool isMalformed)
    {
        List<(ushort, string)> read = [];
        TlvReader reader = new(tlvs);
        while (reader.TryReadNext(out ushort type, out ReadOnlySpan<byte> value))
            read.Add((type, Convert.ToHexStringLower(value)));
        isMalformed = reader.IsMalformed;
        Assert.Equal(!isMalformed, TlvReader.IsWellFormed(tlvs));
        Assert.False(reader.TryReadNext(out _, out _));
        return read;
    }

    [Fact]
    public void Reader_WhatTheWriterWrote_GivesItBack()
    {
        byte[] room = new byte[200];
        TlvWriter writer = new(room);
        Assert.True(writer.TryWriteU64(TlvType.RoundTrip, 0x0102030405060708));
        Assert.True(writer.TryWriteU8(TlvType.HopCount, 9));
        Assert.True(writer.TryWriteU32(TlvType.LossRate, 1_000_000));
        Assert.True(writer.TryWrite(TlvType.Custom, "kmod"u8));
        Assert.True(writer.TryWrite((TlvType)999, []));
        Assert.True(writer.TryWrite(TlvType.Padding, [0, 0, 0]));
        Assert.Equal(12 + 5 + 8 + 8 + 4 + 7, writer.WrittenSize);
        byte[] tlvs = room[..writer.WrittenSize];
        Assert.StartsWith("00010008" + "0102030405060708" + "00030001" + "09" + "00040004" + "000f4240", Convert.ToHexStringLower(tlvs), StringComparison.Ordinal);
        Assert.Equal(
            [(1, "0102030405060708"), (3, "09"), (4, "000f4240"), (100, "6b6d6f64"), (999, ""), (8, "000000")],
            Read(tlvs, out bool isMalformed));
        Assert.False(isMalformed);
    }

    [Fact]
    public void Reader_NoOctets_IsWellFormed()
    {
        Assert.Empty(Read([], out bool isMalformed));
        Assert.False(isMalformed);
    }

    [Fact]
    public void Reader_CutAnywhere_IsMalformedButBetweenTlvs()
    {
        byte[] tlvs = [0, 3, 0, 1, 7, 0, 100, 0, 2, 1, 2];
        for (int size = 0; size <= tlvs.Length; size++)
        {
            int whole = size < 5 ? 0 : size < 11 ? 1 : 2;
            Assert.Equal(whole, Read(tlvs[..size], out bool isMalformed).Count);
            Assert.Equal(size is not (0 or 5 or 11), isMalformed);
        }
    }

    [Fact]
    public void Reader_KnownTypeOfAnotherLength_IsMalformed()
    {
        foreach ((TlvType type, int size) in Sizes)
            for (int length = 0; length <= 20; length++)
            {
                byte[] tlvs = new byte[4 + length];
                (tlvs[1], tlvs[3]) = ((byte)type, (byte)length);
                Read(tlvs, out bool isMalformed);
                Assert.Equal(length != size, isMalformed);
            }
    }

    [Fact]
    public void Reader_LongestValue_IsReadAsUnsigned()
    {
        byte[] tlvs = new byte[4 + 65535];
        (tlvs[1], tlvs[2], tlvs[3]) = (100, 0xff, 0xff);
        Assert.Equal(65535 * 2, Assert.Single(Read(tlvs, out bool isMalformed)).Value.Length);
        Assert.False(isMalformed);
        Assert.Empty(Read(tlvs[..^1], out isMalformed));
        Assert.True(isMalformed);
    }

    [Fact]
    public void Writer_NoRoom_WritesNothing()
    {
        byte[] room = new byte[11];
        TlvWriter writer = new(room);
        Assert.False(writer.TryWriteU64(TlvType.SendTime, ulong.MaxValue));
        Assert.Equal(new byte[11], room);
        Assert.True(writer.TryWriteU32(TlvType.LossRate, 1));
        Assert.False(writer.TryWrite(TlvType.Custom, []));
        Assert.Equal(8, writer.WrittenSize);
    }

    [Fact]
    public void Writer_WrongLength_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlvWriter(new byte[100]).TryWriteU32(TlvType.RoundTrip, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlvWriter(new byte[100]).TryWriteU64(TlvType.HopCount, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlvWriter(new byte[100]).TryWriteU8(TlvType.LossRate, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlvWriter(new byte[100_000]).TryWrite(TlvType.Custom, new byte[65_536]));
    }

    [Fact]
    public void ReadNumber_EachSize_IsBigEndian()
    {
        Assert.Equal(0xf1u, Tlv.ReadNumber([0xf1]));
        Assert.Equal(0xf1020304u, Tlv.ReadNumber([0xf1, 2, 3, 4]));
        Assert.Equal(0xf102030405060708u, Tlv.ReadNumber([0xf1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tlv.ReadNumber([1, 2]));
    }
}
