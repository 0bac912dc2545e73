using System.Buffers.Binary;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Decryption;
using Pdm6.Capture.Tests.Support;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Decryption;

public sealed class DecryptorTests : IDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly PdmMetrics Metrics = new(77, 3, new PdmTime(1234, 20), new PdmTime(99, 30));

    private readonly TemporaryFiles _files = new();
    private readonly CaptureKeys _keys;
    private readonly Context _context = new(Secret);
    private readonly FrameSealer _sealer;

    public DecryptorTests()
    {
        _keys = new CaptureKeys(_files.Key(Secret));
        using KeyFile file = _files.Key(Secret);
        _keys.AddBaseSecret(file, Suite.Aes256Gcm);
        _sealer = FrameSealer.FromKeyFile(file);
    }

    public void Dispose()
    {
        _sealer.Dispose();
        _keys.Dispose();
        _files.Dispose();
    }

    private (DecryptionTally Tally, byte[] Copy, string? Problem) Decrypt(byte[] capture)
    {
        MemoryStream copy = new();
        using CaptureReader reader = new(new MemoryStream(capture));
        using PcapngWriter writer = new(copy);
        DecryptionTally tally = new CaptureDecryptor(_keys, new WireSettings()).Decrypt(reader, writer);
        writer.Flush();
        return (tally, copy.ToArray(), reader.Problem);
    }

    private static List<(byte[] Octets, ulong AtNs, uint Original)> FramesOf(byte[] capture)
    {
        using CaptureReader reader = new(new MemoryStream(capture));
        List<(byte[], ulong, uint)> frames = [];
        while (reader.TryReadNext(out CapturedFrame frame))
            frames.Add((frame.Octets.ToArray(), frame.TimestampNs, frame.OriginalLength));
        Assert.Null(reader.Problem);
        return frames;
    }

    private byte[] DecryptPacket(byte[] packet)
    {
        (DecryptionTally tally, byte[] copy, string? problem) = Decrypt(new Trace().Add(packet, Trace.Start).ToPcapng());
        Assert.Null(problem);
        Assert.Equal(1, tally.Opened);
        (byte[] octets, ulong atNs, uint original) = Assert.Single(FramesOf(copy));
        Assert.Equal((Trace.Start, (uint)octets.Length), (atNs, original));
        return octets[14..];
    }

    private static void AssertWhole(byte[] packet)
    {
        Assert.True(Ipv6PacketView.TryRead(packet, out Ipv6PacketView view));
        Assert.Equal(packet.Length - 40, BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(4)));
        Assert.True(InternetChecksum.TryVerify(view, out bool isRight) && isRight);
    }

    [Fact]
    public void Decrypt_SealedOption_BecomesTheClearForm()
    {
        FlowKey flow = Packets.Udp();
        byte[] clear = DecryptPacket(Packets.Ipv6(flow, [_context.Option(flow, 5, Metrics)]));
        Assert.Equal(Packets.Ipv6(flow, [Packets.ClearOption(5, Metrics)]), clear);
        AssertWhole(clear);
    }

    [Fact]
    public void Decrypt_OptionAmongOthersBehindOtherHeaders_LeavesThemAsTheyAre()
    {
        FlowKey flow = Packets.Udp();
        byte[] before = [5, 6, 1, 2, 3, 4, 5, 6], after = [7, 2, 8, 9];
        byte[] Packet(byte[] option)
        {
            byte[] packet = Packets.Ipv6(flow, [before, option, after]);
            byte[] hopByHop = [packet[6], 0, 1, 4, 0, 0, 0, 0];
            byte[] whole = [.. packet[..40], .. hopByHop, .. packet[40..]];
            whole[6] = NextHeader.HopByHop;
            BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(4), (ushort)(whole.Length - 40));
            return whole;
        }
        Assert.Equal(Packet(Packets.ClearOption(5, Metrics)), DecryptPacket(Packet(_context.Option(flow, 5, Metrics))));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(0)]
    public void Decrypt_UdpOption_BecomesTheClearFormWithItsChecksum(int payload)
    {
        FlowKey flow = Packets.Udp();
        byte[] surplus = new byte[UdpOption.ClearSurplusSize + (payload & 1)];
        UdpOption.WriteClear(surplus, (payload & 1) != 0, 5, Metrics);
        byte[] clear = DecryptPacket(Packets.Ipv6(flow, payload: new byte[payload], surplus: _context.Surplus(flow, 5, Metrics, payload)));
        Assert.Equal(Packets.Ipv6(flow, payload: new byte[payload], surplus: surplus), clear);
        AssertWhole(clear);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    public void Decrypt_Frame_BecomesAClearFrameWithARightChecksum(int custom)
    {
        FlowKey flow = Packets.Udp(serverPort: WireSettings.DefaultFramePort);
        byte[] tlvs = new byte[Tlv.HeaderSize + custom];
        TlvWriter writer = new(tlvs);
        writer.TryWrite(TlvType.Custom, [.. Enumerable.Repeat((byte)0xa5, custom)]);
        UdpFrameHeader header = new(UdpFrameFlags.Encrypted | UdpFrameFlags.Request, 0, 9, 77);
        byte[] frame = new byte[UdpFrame.SealedOverhead + tlvs.Length];
        Assert.True(_sealer.TrySeal(header, tlvs, frame, out int size));
        byte[] expected = [.. new byte[UdpFrame.HeaderSize], .. tlvs];
        (header with { Flags = UdpFrameFlags.Request }).Write(expected);

        byte[] clear = DecryptPacket(Packets.Ipv6(flow, payload: frame[..size]));
        Assert.Equal(Packets.Ipv6(flow, payload: expected), clear);
        AssertWhole(clear);
    }

    [Fact]
    public void Decrypt_FrameWithAWrongChecksum_StaysWrong()
    {
        FlowKey flow = Packets.Udp(serverPort: WireSettings.DefaultFramePort);
        byte[] frame = new byte[UdpFrame.SealedOverhead];
        Assert.True(_sealer.TrySeal(new UdpFrameHeader(UdpFrameFlags.Encrypted, 0, 9, 77), [], frame, out _));
        byte[] packet = Packets.Ipv6(flow, payload: frame);
        packet[46] ^= 1;
        byte[] clear = DecryptPacket(packet);
        Assert.True(Ipv6PacketView.TryRead(clear, out Ipv6PacketView view));
        Assert.True(InternetChecksum.TryVerify(view, out bool isRight) && !isRight);
    }

    [Fact]
    public void Decrypt_PacketInAPacket_PutsBothLengthsRight()
    {
        FlowKey flow = Packets.Udp(), tunnel = new(Packets.B, Packets.A, 41, 0, 0);
        byte[] clear = DecryptPacket(Packets.Ipv6(tunnel, payload: Packets.Ipv6(flow, [_context.Option(flow, 5, Metrics)])));
        Assert.Equal(Packets.Ipv6(tunnel, payload: Packets.Ipv6(flow, [Packets.ClearOption(5, Metrics)])), clear);
    }

    [Fact]
    public void Decrypt_WhatDoesNotOpen_IsCopiedAsItIsAndCounted()
    {
        FlowKey flow = Packets.Udp();
        byte[] forged = _context.Option(flow, 5, Metrics);
        forged[39] ^= 1;
        byte[] capture = new Trace()
            .Add(Packets.Ipv6(flow, [_context.Option(flow, 5, Metrics)]), Trace.Start)
            .Add(Packets.Ipv6(flow, [forged]), Trace.Start + 1)
            .Add(Packets.Ipv6(flow, [Frames.Option(0x0f, 34)]), Trace.Start + 2)
            .Add(Packets.Ipv6(flow, [Frames.Option(0x1e, 12)]), Trace.Start + 3)
            .Add(Packets.Ipv6(flow, [Packets.OptionV1(1, Metrics)]), Trace.Start + 4)
            .Add(Packets.Ipv6(flow), Trace.Start + 5).ToPcapng();
        (DecryptionTally tally, byte[] copy, _) = Decrypt(capture);
        Assert.Equal(new DecryptionTally(Options: 1, UdpOptions: 0, Frames: 0, AuthenticationFailed: 1, NoKey: 1, Malformed: 1, Others: 2), tally);
        Assert.Equal(FramesOf(capture).Skip(1), FramesOf(copy).Skip(1), FrameComparer.Instance);
        Assert.StartsWith("opened 1 ", tally.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decrypt_OtherBlocksAndOptionsOfEitherByteOrder_AreKept(bool isBigEndian)
    {
        FlowKey flow = Packets.Udp();
        byte[] frame = Packets.Ethernet(Packets.Ipv6(flow, [_context.Option(flow, 5, Metrics)]));
        byte[] clear = Packets.Ethernet(Packets.Ipv6(flow, [Packets.ClearOption(5, Metrics)]));
        byte[] Capture(byte[] octets) => new CaptureBytes(isBigEndian).Section().Interface(resolution: 9, offsetSeconds: 3)
            .Block(5, [1, 2, 3, 4, 5, 6, 7, 8]).EnhancedPacket(octets, 12_345).SimplePacket(octets, (uint)octets.Length)
            .Block(0x0bad, new byte[40]).ToArray();
        (DecryptionTally tally, byte[] copy, string? problem) = Decrypt(Capture(frame));
        Assert.Null(problem);
        Assert.Equal(2, tally.Opened);
        Assert.Equal(Capture(clear), copy);
    }

    [Fact]
    public void Decrypt_Pcap_BecomesPcapng()
    {
        FlowKey flow = Packets.Udp();
        byte[] frame = Packets.Ethernet(Packets.Ipv6(flow, [_context.Option(flow, 5, Metrics)]));
        byte[] capture = new CaptureBytes().PcapHeader().PcapRecord(frame, 9, 8).PcapRecord([1, 2, 3], 10, 9).ToArray();
        (DecryptionTally tally, byte[] copy, _) = Decrypt(capture);
        List<(byte[] Octets, ulong AtNs, uint Original)> frames = FramesOf(copy);
        Assert.Equal((1, 1), (tally.Opened, tally.Others));
        Assert.Equal(Packets.Ethernet(Packets.Ipv6(flow, [Packets.ClearOption(5, Metrics)])), frames[0].Octets);
        Assert.Equal([9_000_008_000ul, 10_000_009_000ul], frames.Select(read => read.AtNs));
    }

    [Fact]
    public void Decrypt_PacketCutByTheSnapLength_KeepsWhatIsMissingMissing()
    {
        FlowKey flow = Packets.Udp();
        byte[] packet = Packets.Ipv6(flow, [_context.Option(flow, 5, Metrics)], new byte[500]);
        (_, byte[] copy, _) = Decrypt(new Trace().Add(packet, Trace.Start).ToPcapng(snapLength: 150));
        (byte[] octets, _, uint original) = Assert.Single(FramesOf(copy));
        Assert.Equal((134, (uint)packet.Length + 14 - 16), (octets.Length, original));
        Assert.Equal(packet.Length - 40 - 16, BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(18)));
    }

    [Fact]
    public void Decrypt_HostileOctets_NeverThrow()
    {
        FlowKey flow = Packets.Udp();
        byte[] capture = new Trace()
            .Add(Packets.Ipv6(flow, [_context.Option(flow, 5, Metrics)]), Trace.Start)
            .Add(Packets.Ipv6(flow, payload: new byte[13], surplus: _context.Surplus(flow, 5, Metrics, 13)), Trace.Start).ToPcapng();
        Random random = new(3);
        for (int i = 0; i < 5000; i++)
        {
            byte[] mutant = [.. capture];
            for (int change = random.Next(1, 6); change > 0; change--)
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            (DecryptionTally tally, _, _) = Decrypt(mutant[..random.Next(mutant.Length)]);
            Assert.InRange(tally.Opened, 0, 2);
        }
    }

    private sealed class FrameComparer : IEqualityComparer<(byte[] Octets, ulong AtNs, uint Original)>
    {
        public static readonly FrameComparer Instance = new();

        public bool Equals((byte[] Octets, ulong AtNs, uint Original) x, (byte[] Octets, ulong AtNs, uint Original) y) =>
            x.Octets.SequenceEqual(y.Octets) && (x.AtNs, x.Original) == (y.AtNs, y.Original);

        public int GetHashCode((byte[] Octets, ulong AtNs, uint Original) frame) => frame.AtNs.GetHashCode();
    }
}
