using System.Buffers.Binary;

namespace Pdm6.Capture;

/// <summary>
/// The classic format (draft-ietf-opsawg-pcap).
/// <code>
/// file:   0 magic u32 | 4 version | 8 reserved | 16 snap length u32 | 20 link type u32 (lower 16 bits)
/// record: 0 seconds u32 | 4 fraction u32 | 8 captured length u32 | 12 original length u32 | 16 frame
/// </code>
/// </summary>
internal sealed class PcapFormat : ICaptureFormat
{
    private const uint MicrosecondMagic = 0xa1b2c3d4;
    private const uint NanosecondMagic = 0xa1b23c4d;
    private const int FileHeaderSize = 24;
    private const int RecordHeaderSize = 16;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private readonly bool _isBigEndian;
    private readonly uint _fractionNs;

    private PcapFormat(bool isBigEndian, uint fractionNs, int linkType, uint snapLength) =>
        (_isBigEndian, _fractionNs, LinkType, SnapLength) = (isBigEndian, fractionNs, linkType, snapLength);

    /// <summary>LINKTYPE_ value of every frame.</summary>
    public int LinkType { get; }

    /// <summary>Octets that a frame has at most.</summary>
    public uint SnapLength { get; }

    /// <param name="source">Behind the magic number.</param>
    /// <param name="magic">The first four octets, read as big-endian.</param>
    /// <param name="format">The format.</param>
    public static FrameReadStatus TryStart(BlockSource source, uint magic, out ICaptureFormat? format)
    {
        format = null;
        bool isBigEndian = magic is MicrosecondMagic or NanosecondMagic;
        uint own = isBigEndian ? magic : BinaryPrimitives.ReverseEndianness(magic);
        if (own is not (MicrosecondMagic or NanosecondMagic))
            return FrameReadStatus.Unknown;
        ReadOnlySpan<byte> header = source.Extend(FileHeaderSize - 4);
        if (header.Length < FileHeaderSize)
            return FrameReadStatus.CutShort;
        Fields fields = new(header, isBigEndian);
        format = new PcapFormat(
            isBigEndian, own == NanosecondMagic ? 1u : 1000u, (ushort)fields.U32(20), fields.U32(16));
        return FrameReadStatus.Skipped;
    }

    public FrameReadStatus ReadNext(BlockSource source, out CapturePiece piece)
    {
        piece = default;
        ReadOnlySpan<byte> record = source.Read(RecordHeaderSize);
        if (record.Length < RecordHeaderSize)
            return record.IsEmpty ? FrameReadStatus.End : FrameReadStatus.CutShort;
        Fields fields = new(record, _isBigEndian);
        ulong timestampNs = fields.U32(0) * NanosecondsPerSecond + (ulong)fields.U32(4) * _fractionNs;
        uint captured = fields.U32(8), original = fields.U32(12);
        if (captured > BlockSource.MaxPiece)
            return FrameReadStatus.Malformed;
        record = source.Extend((int)captured);
        if (record.Length < RecordHeaderSize + captured)
            return FrameReadStatus.CutShort;
        CapturedFrame frame = new(record[RecordHeaderSize..], timestampNs, LinkType, original);
        piece = new CapturePiece(record, _isBigEndian, frame, RecordHeaderSize);
        return FrameReadStatus.Frame;
    }
}
