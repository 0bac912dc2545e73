using System.Buffers.Binary;

namespace Pdm6.Wire.Tests;

public sealed class UdpFrameViewTests
{
    // The packet of the hackathon report, from its field list.
    private const UdpFrameFlags ReportFlags = UdpFrameFlags.Encrypted | UdpFrameFlags.Request;
    private const string KmodTlv = "006400046b6d6f64";

    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 12).Select(i => (byte)i)];

    private static byte[] Encrypted(int ciphertextSize, UdpFrameFlags flags = ReportFlags, ushort keyId = 0)
    {
        byte[] frame = new byte[UdpFrame.SealedOverhead + ciphertextSize];
        UdpFrame.WriteSealedPrefix(frame, new UdpFrameHeader(flags, keyId, 1, 1_699_200_000_000_000), Nonce, ciphertextSize);
        for (int i = UdpFrame.CiphertextOffset; i < frame.Length; i++)
            frame[i] = (byte)i;
        return frame;
    }

    private static byte[] Clear(string tlvs, UdpFrameFlags flags = UdpFrameFlags.None)
    {
        byte[] frame = [.. new byte[16], .. Convert.FromHexString(tlvs)];
        new UdpFrameHeader(flags, 0, 0x01020304, 0x05060708090a0b0c).Write(frame);
        return frame;
    }

    private static UdpFrameReadStatus StatusOf(byte[] frame)
    {
        UdpFrameReadStatus status = UdpFrameView.TryRead(frame, out UdpFrameView view);
        if (status != UdpFrameReadStatus.Ok)
            Assert.Equal(default, view.Header);
        return status;
    }

    [Fact]
    public void WriteSealedPrefix_Octets_AreThoseOfTheReport() => Assert.Equal(
        "020300000000000100060969d4670000" + "000102030405060708090a0b" + "00000008",
        Convert.ToHexStringLower(Encrypted(8)[..32]));

    [Fact]
    public void TryRead_Encrypted_GivesTheFields()
    {
        byte[] frame = Encrypted(8);
        Assert.Equal(64 - 8, frame.Length); // with the UDP header, the 64 octets of the report's field list
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(frame, out UdpFrameView view));
        Assert.Equal(new UdpFrameHeader(ReportFlags, 0, 1, 1_699_200_000_000_000), view.Header);
        Assert.True(view.IsEncrypted);
        Assert.Equal(frame[..16], view.AssociatedData.ToArray());
        Assert.Equal(Nonce, view.Nonce.ToArray());
        Assert.Equal(frame[32..40], view.Ciphertext.ToArray());
        Assert.Equal(frame[40..], view.Tag.ToArray());
        Assert.True(view.ClearTlvs.IsEmpty);
    }

    [Fact]
    public void TryRead_Clear_GivesTheFields()
    {
        byte[] frame = Clear(KmodTlv, UdpFrameFlags.Request);
        Assert.Equal("0202000001020304" + "05060708090a0b0c" + KmodTlv, Convert.ToHexStringLower(frame));
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(frame, out UdpFrameView view));
        Assert.Equal(new UdpFrameHeader(UdpFrameFlags.Request, 0, 0x01020304, 0x05060708090a0b0c), view.Header);
        Assert.False(view.IsEncrypted);
        Assert.Equal(frame[..16], view.AssociatedData.ToArray());
        Assert.Equal(frame[16..], view.ClearTlvs.ToArray());
        Assert.True(view.Nonce.IsEmpty && view.Ciphertext.IsEmpty && view.Tag.IsEmpty);
    }

    [Fact]
    public void TryRead_KeyId_CountsWithItsFlagOnly()
    {
        byte[] frame = Encrypted(0, ReportFlags | UdpFrameFlags.KeyId, 0xabcd);
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(frame, out UdpFrameView view));
        Assert.Equal(0xabcd, view.Header.KeyId);
        frame[1] = (byte)ReportFlags;
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(frame, out view));
        Assert.Equal(0, view.Header.KeyId);
        Assert.Equal(0xab, view.AssociatedData[2]); // the tag binds what was on the wire
    }

    [Fact]
    public void TryRead_ReservedFlags_AreIgnored()
    {
        byte[] frame = Encrypted(3);
        frame[1] |= 0xf8;
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(frame, out UdpFrameView view));
        Assert.Equal(ReportFlags, view.Header.Flags);
    }

    [Fact]
    public void TryRead_OctetsMissingOrLeftOver_IsMalformed()
    {
        byte[] frame = [.. Encrypted(8), 0];
        for (int size = 0; size <= frame.Length; size++)
            Assert.Equal(
                size == frame.Length - 1 ? UdpFrameReadStatus.Ok : UdpFrameReadStatus.Malformed, StatusOf(frame[..size]));
    }

    [Theory]
    [InlineData(0xffffffffu)]
    [InlineData(0x80000008u)]
    [InlineData(0xfffffff8u)]
    [InlineData(7u)]
    [InlineData(9u)]
    public void TryRead_LengthThatContradictsTheSize_IsMalformed(uint length)
    {
        byte[] frame = Encrypted(8);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(28), length);
        Assert.Equal(UdpFrameReadStatus.Malformed, StatusOf(frame));
    }

    [Theory]
    [InlineData("", UdpFrameReadStatus.Ok)]
    [InlineData(KmodTlv, UdpFrameReadStatus.Ok)]
    [InlineData("00640004" + "6b6d6f", UdpFrameReadStatus.Malformed)]
    [InlineData("000300020101", UdpFrameReadStatus.Malformed)]
    [InlineData("03e700020101", UdpFrameReadStatus.Ok)]
    [InlineData("00", UdpFrameReadStatus.Malformed)]
    public void TryRead_ClearTlvs_MustBeWellFormed(string tlvs, UdpFrameReadStatus status) =>
        Assert.Equal(status, StatusOf(Clear(tlvs)));

    [Fact]
    public void TryRead_EveryVersion_Knows2Only()
    {
        byte[] frame = Encrypted(8);
        for (int version = 0; version <= byte.MaxValue; version++)
        {
            frame[0] = (byte)version;
            Assert.Equal(version == 2 ? UdpFrameReadStatus.Ok : UdpFrameReadStatus.UnknownVersion, StatusOf(frame));
        }
        Assert.Equal(UdpFrameReadStatus.UnknownVersion, StatusOf([9]));
    }

    [Fact]
    public void Write_WrongHeader_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentException>(() => new UdpFrameHeader(UdpFrameFlags.None, 1, 0, 0).Write(new byte[16]));
        Assert.Throws<ArgumentException>(() => new UdpFrameHeader((UdpFrameFlags)8, 0, 0, 0).Write(new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(UdpFrameHeader).Write(new byte[15]));
    }

    [Fact]
    public void WriteSealedPrefix_WrongArguments_IsTheCallersMistake()
    {
        UdpFrameHeader header = new(UdpFrameFlags.Encrypted, 0, 0, 0);
        Assert.Throws<ArgumentException>(() => UdpFrame.WriteSealedPrefix(new byte[32], default, Nonce, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpFrame.WriteSealedPrefix(new byte[31], header, Nonce, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpFrame.WriteSealedPrefix(new byte[32], header, Nonce.AsSpan(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpFrame.WriteSealedPrefix(new byte[32], header, Nonce, -1));
    }
}
