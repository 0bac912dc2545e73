using Pdm6.Capture.Tests.Support;

namespace Pdm6.Capture.Tests;

public class CaptureReaderTests
{
    private static readonly byte[] AFrame = [1, 2, 3, 4, 5];

    private readonly record struct Read(byte[] Octets, ulong TimestampNs, int LinkType, uint OriginalLength);

    private static (List<Read> Frames, string? Problem) ReadAll(CaptureBytes capture) => ReadAll(capture.ToArray());

    private static (List<Read> Frames, string? Problem) ReadAll(byte[] octets, Func<byte[], Stream>? open = null)
    {
        using CaptureReader reader = new(open?.Invoke(octets) ?? new MemoryStream(octets));
        List<Read> frames = [];
        while (reader.TryReadNext(out CapturedFrame frame))
            frames.Add(new Read(frame.Octets.ToArray(), frame.TimestampNs, frame.LinkType, frame.OriginalLength));
        Assert.False(reader.TryReadNext(out _));
        return (frames, reader.Problem);
    }

    private static Read ReadOne(CaptureBytes capture)
    {
        (List<Read> frames, string? problem) = ReadAll(capture);
        Assert.Null(problem);
        return Assert.Single(frames);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pcapng_EitherByteOrder_GivesTheFrame(bool isBigEndian)
    {
        Read frame = ReadOne(new CaptureBytes(isBigEndian).Section().Interface(linkType: 276, snapLength: 99)
            .EnhancedPacket(AFrame, timestamp: 1_700_000_000_123_456));
        Assert.Equal(AFrame, frame.Octets);
        Assert.Equal((1_700_000_000_123_456_000ul, 276, 12u), (frame.TimestampNs, frame.LinkType, frame.OriginalLength));
    }

    [Theory]
    [InlineData(9, 1_700_000_000_123_456_789ul, 1_700_000_000_123_456_789ul)]
    [InlineData(3, 1_700_000_000_123ul, 1_700_000_000_123_000_000ul)]
    [InlineData(0, 1_700_000_000ul, 1_700_000_000_000_000_000ul)]
    [InlineData(12, 1_700_000_123_456ul, 1_700_000_123ul)]
    [InlineData(28, ulong.MaxValue, 1ul)]
    [InlineData(127, ulong.MaxValue, 0ul)]
    [InlineData(0, ulong.MaxValue, 0ul)]
    [InlineData(0x80 | 20, 1_700_000_000ul << 20 | 1ul << 19, 1_700_000_000_500_000_000ul)]
    [InlineData(0x80 | 127, ulong.MaxValue, 0ul)]
    public void Pcapng_TimeResolution_IsThatOfTheInterface(byte resolution, ulong timestamp, ulong ns) =>
        Assert.Equal(ns, ReadOne(new CaptureBytes().Section().Interface(resolution: resolution)
            .EnhancedPacket(AFrame, timestamp)).TimestampNs);

    [Theory]
    [InlineData(5, 6_000_000_000ul)]
    [InlineData(-1, 0ul)]
    [InlineData(-2, 0ul)]
    [InlineData(long.MaxValue, 0ul)]
    public void Pcapng_TimeOffset_IsAdded(long offsetSeconds, ulong ns) =>
        Assert.Equal(ns, ReadOne(new CaptureBytes().Section().Interface(offsetSeconds: offsetSeconds)
            .EnhancedPacket(AFrame, 1_000_000)).TimestampNs);

    [Fact]
    public void Pcapng_SeveralInterfaces_EachHasItsOwnTypeAndUnit()
    {
        (List<Read> frames, _) = ReadAll(new CaptureBytes().Section().Interface(linkType: 1).Interface(linkType: 101, resolution: 9)
            .EnhancedPacket(AFrame, 7, fromInterface: 1).EnhancedPacket(AFrame, 7, fromInterface: 0));
        Assert.Equal([(101, 7ul), (1, 7_000ul)], frames.Select(f => (f.LinkType, f.TimestampNs)));
    }

    [Fact]
    public void Pcapng_SectionsOfBothByteOrders_FollowEachOther()
    {
        byte[] little = new CaptureBytes().Section().Interface(linkType: 1).EnhancedPacket(AFrame).ToArray();
        byte[] big = new CaptureBytes(isBigEndian: true).Section().Interface(linkType: 101).EnhancedPacket(AFrame).ToArray();
        (List<Read> frames, string? problem) = ReadAll([.. little, .. big, .. little]);
        Assert.Null(problem);
        Assert.Equal([1, 101, 1], frames.Select(f => f.LinkType));
    }

    [Fact]
    public void Pcapng_SimplePacket_IsCutToTheSnapLength()
    {
        Read frame = ReadOne(new CaptureBytes().Section().Interface(snapLength: 3).SimplePacket([1, 2, 3], original: 50));
        Assert.Equal([1, 2, 3], frame.Octets);
        Assert.Equal((0ul, 50u), (frame.TimestampNs, frame.OriginalLength));
        Assert.Equal(AFrame, ReadOne(new CaptureBytes().Section().Interface().SimplePacket(AFrame, original: 5)).Octets);
    }

    [Fact]
    public void Pcapng_UnknownBlocks_AreSkipped() => Assert.Equal(AFrame, ReadOne(new CaptureBytes().Section().Block(4, new byte[8])
        .Interface().Block(0x80000001, new byte[400]).EnhancedPacket(AFrame).Block(5, [])).Octets);

    [Theory]
    [InlineData(0xa1b2c3d4, false, 123_456_000ul)]
    [InlineData(0xa1b2c3d4, true, 123_456_000ul)]
    [InlineData(0xa1b23c4d, false, 123_456ul)]
    [InlineData(0xa1b23c4d, true, 123_456ul)]
    public void Pcap_EitherByteOrderAndUnit_GivesTheFrames(uint magic, bool isBigEndian, ulong fractionNs)
    {
        (List<Read> frames, string? problem) = ReadAll(new CaptureBytes(isBigEndian).PcapHeader(magic, linkType: 0xf0000001)
            .PcapRecord(AFrame, 1_700_000_000, 123_456).PcapRecord([], 0, 0));
        Assert.Null(problem);
        Assert.Equal(2, frames.Count);
        Assert.Equal(AFrame, frames[0].Octets);
        Assert.Equal((1_700_000_000_000_000_000ul + fractionNs, 1, 12u), (frames[0].TimestampNs, frames[0].LinkType, frames[0].OriginalLength));
    }

    public static TheoryData<string, byte[]> Broken
    {
        get
        {
            CaptureBytes Start() => new CaptureBytes().Section().Interface().EnhancedPacket(AFrame);
            return new TheoryData<string, byte[]>
            {
                { "trailing length differs", Start().Block(5, new byte[4], trailing: 99).ToArray() },
                { "length not a multiple of 4", Start().Block(5, new byte[4], length: 15).ToArray() },
                { "length 0", Start().Block(5, [], length: 0).ToArray() },
                { "length of gigabytes", Start().Block(5, [], length: 0xfffffffc).ToArray() },
                { "no such interface", Start().EnhancedPacket(AFrame, fromInterface: 1).ToArray() },
                { "captured length beyond the block", Start().EnhancedPacket(AFrame, captured: 4000).ToArray() },
                { "captured length that is negative if signed", Start().EnhancedPacket(AFrame, captured: 0xffffffff).ToArray() },
                { "packet block without a header", Start().Block(6, new byte[8]).ToArray() },
                { "interface block without a header", Start().Block(1, new byte[4]).ToArray() },
                { "simple packet beyond its block", Start().SimplePacket(AFrame, original: 4000).ToArray() },
                { "section of neither byte order", Start().Block(0x0a0d0d0a, new byte[16]).ToArray() },
                { "section without a header", Start().Block(0x0a0d0d0a, new CaptureBytes().U32(0x1a2b3c4d)).ToArray() },
                { "interface of an older section", Start().Section().EnhancedPacket(AFrame).ToArray() },
                { "pcap record of gigabytes", new CaptureBytes().PcapHeader().PcapRecord(AFrame, 1, 1).PcapRecord([], 1, 1, captured: 0xffffffff).ToArray() },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Capture_BrokenBehindAFrame_GivesTheFrameAndThenAProblem(string why, byte[] octets)
    {
        (List<Read> frames, string? problem) = ReadAll(octets);
        Assert.True(frames.Count == 1, why);
        Assert.Contains("malformed", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Pcapng_InterfacesWithoutEnd_AreRefused()
    {
        CaptureBytes capture = new CaptureBytes().Section();
        for (int i = 0; i < 5000; i++)
            capture.Interface();
        Assert.Contains("malformed", ReadAll(capture).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Capture_CutAnywhere_IsCompleteOrSaysSo()
    {
        byte[][] captures =
        [
            new CaptureBytes().Section().Interface().EnhancedPacket(AFrame).EnhancedPacket(AFrame).ToArray(),
            new CaptureBytes(isBigEndian: true).PcapHeader().PcapRecord(AFrame, 1, 1).PcapRecord(AFrame, 2, 2).ToArray(),
        ];
        foreach (byte[] whole in captures)
        {
            int clean = 0;
            for (int length = 0; length <= whole.Length; length++)
            {
                (List<Read> frames, string? problem) = ReadAll(whole[..length]);
                Assert.True(frames.Count < 2 || length == whole.Length);
                clean += problem is null ? 1 : 0;
            }
            // Nothing at all, and the ends of whole blocks.
            Assert.InRange(clean, 4, 5);
        }
    }

    [Fact]
    public void Capture_OfAnotherFormat_SaysSo()
    {
        Assert.Equal("This is neither pcapng nor pcap.", ReadAll("PK\x03\x04 something"u8.ToArray()).Problem);
        Assert.Equal("This is neither pcapng nor pcap.", ReadAll([0x0a, 0x0d]).Problem);
        Assert.Null(ReadAll([]).Problem);
    }

    [Fact]
    public void Capture_ArrivingByAPipe_IsReadWhole()
    {
        byte[] capture = new CaptureBytes().Section().Interface().EnhancedPacket(AFrame).EnhancedPacket(AFrame).ToArray();
        Assert.Equal(2, ReadAll(capture, octets => new TricklingStream(octets)).Frames.Count);
    }

    [Fact]
    public void Capture_RandomChanges_NeverThrow()
    {
        byte[] pcapng = new CaptureBytes().Section().Interface(resolution: 9, offsetSeconds: 3)
            .EnhancedPacket(Frames.Udp(Frames.Sealed)).SimplePacket(AFrame, 5).EnhancedPacket(AFrame).ToArray();
        byte[] pcap = new CaptureBytes().PcapHeader().PcapRecord(AFrame, 1, 1).PcapRecord(AFrame, 2, 2).ToArray();
        Random random = new(5);
        int problems = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. i % 2 == 0 ? pcapng : pcap];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            using CaptureReader reader = new(new MemoryStream(changed));
            WireCensus.Take(reader);
            problems += reader.Problem is null ? 0 : 1;
        }
        Assert.InRange(problems, 1000, 19_000);
    }

    /// <summary>Gives one octet at a time.</summary>
    private sealed class TricklingStream(byte[] octets) : MemoryStream(octets)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }

    [Fact]
    public void Gzip_WholeAndCut_GivesTheFramesThatAreThere()
    {
        using TemporaryFiles files = new();
        CaptureBytes capture = new CaptureBytes().Section().Interface();
        for (int i = 0; i < 3000; i++)
            capture.EnhancedPacket([.. BitConverter.GetBytes(Random.Shared.NextInt64()), .. AFrame], (ulong)i);
        using MemoryStream compressed = new();
        using (System.IO.Compression.GZipStream gzip = new(compressed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(capture.ToArray());
        byte[] whole = compressed.ToArray();
        (int Frames, string? Problem) Read(byte[] octets)
        {
            File.WriteAllBytes(files.Path("capture.gz"), octets);
            using CaptureReader reader = CaptureReader.Open(files.Path("capture.gz"));
            int frames = 0;
            while (reader.TryReadNext(out _))
                frames++;
            return (frames, reader.Problem);
        }
        Assert.Equal((3000, null), Read(whole));
        (int frames, string? problem) = Read(whole[..(whole.Length / 2)]);
        Assert.InRange(frames, 1, 2999);
        Assert.NotNull(problem);
        byte[] damaged = [.. whole];
        Array.Fill(damaged, (byte)0xff, damaged.Length / 2, 64);
        (frames, problem) = Read(damaged);
        Assert.InRange(frames, 0, 2999);
        Assert.NotNull(problem);
    }

    [Fact]
    public void ReadShare_File_RisesToOne()
    {
        using TemporaryFiles files = new();
        CaptureBytes capture = new CaptureBytes().Section().Interface();
        for (int i = 0; i < 40; i++)
            capture.EnhancedPacket(new byte[100_000]);
        File.WriteAllBytes(files.Path("capture"), capture.ToArray());
        using CaptureReader reader = CaptureReader.Open(files.Path("capture"));
        Assert.Equal(0, reader.ReadShare);
        double last = 0;
        while (reader.TryReadNext(out _))
        {
            Assert.InRange(reader.ReadShare!.Value, last, 1);
            last = reader.ReadShare!.Value;
        }
        Assert.Equal(1, last);
    }

    [Fact]
    public void ReadShare_NoFileOrAnEmptyOne_IsNotKnown()
    {
        using TemporaryFiles files = new();
        File.WriteAllBytes(files.Path("empty"), []);
        using CaptureReader empty = CaptureReader.Open(files.Path("empty")), stream = new(new MemoryStream());
        Assert.Null(empty.ReadShare);
        Assert.Null(stream.ReadShare);
    }
}
