using System.Buffers.Binary;

namespace Pdm6.Capture;

/// <summary>
/// pcapng (draft-ietf-opsawg-pcapng). Sections of either byte order may follow each other; blocks of unknown type and
/// all options but the interface's time unit are skipped.
/// <code>
/// every block:      0 type u32 | 4 total length u32 | 8 body | total length u32 again
/// Section Header:   8 byte-order magic u32 | ...
/// Interface:        8 link type u16 | 10 reserved | 12 snap length u32 | 16 options
/// Enhanced Packet:  8 interface u32 | 12 time, high u32, low u32 | 20 captured u32 | 24 original u32 | 28 frame
/// Simple Packet:    8 original length u32 | 12 frame
/// </code>
/// </summary>
internal sealed class PcapngFormat : ICaptureFormat
{
    /// <summary>Block type of the Section Header: reads the same in both byte orders.</summary>
    public const uint SectionHeader = 0x0a0d0d0a;

    public const uint InterfaceDescription = 1;
    public const uint SimplePacket = 3;
    public const uint EnhancedPacket = 6;
    public const uint ByteOrderMagic = 0x1a2b3c4d;
    private const uint SwappedByteOrderMagic = 0x4d3c2b1a;
    public const ushort EndOfOptions = 0;
    public const ushort TimestampResolution = 9;
    private const ushort TimestampOffset = 14;

    public const int BlockHeaderSize = 8;
    public const int BlockOverhead = 12;
    public const int EnhancedPacketHeaderSize = 28;
    public const int SimplePacketHeaderSize = 12;
    public const int InterfaceHeaderSize = 16;
    public const int SectionHeaderSize = 24;
    /// <summary>More interfaces than any honest capture has.</summary>
    private const int MaxInterfaces = 4096;

    private readonly List<CaptureInterface> _interfaces = [];
    private bool _isBigEndian;

    /// <summary>Byte order of the section at hand.</summary>
    public bool IsBigEndian => _isBigEndian;

    private PcapngFormat()
    {
    }

    /// <summary>Starts behind the block type of the first section header.</summary>
    public static FrameReadStatus TryStart(BlockSource source, out ICaptureFormat? format)
    {
        PcapngFormat pcapng = new();
        format = pcapng;
        ReadOnlySpan<byte> header = source.Extend(4);
        return header.Length < BlockHeaderSize ? FrameReadStatus.CutShort : pcapng.ReadSection(source);
    }

    public FrameReadStatus ReadNext(BlockSource source, out CapturePiece piece)
    {
        if (TryReadPlainPacket(source, out piece))
            return FrameReadStatus.Frame;
        FrameReadStatus status = ReadBlock(source, out CapturedFrame frame, out int frameOffset);
        piece = new CapturePiece(source.Last, _isBigEndian, frame, frameOffset);
        return status;
    }

    /// <summary>What almost every block is, in one look: an Enhanced Packet of a little-endian section, all of it read ahead
    /// and nothing wrong with it. Of all else it takes nothing.</summary>
    private bool TryReadPlainPacket(BlockSource source, out CapturePiece piece)
    {
        piece = default;
        ReadOnlySpan<byte> ahead = source.Ahead;
        if (_isBigEndian || ahead.Length < EnhancedPacketHeaderSize + 4)
            return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(ahead[4..]);
        uint index = BinaryPrimitives.ReadUInt32LittleEndian(ahead[8..]);
        uint captured = BinaryPrimitives.ReadUInt32LittleEndian(ahead[20..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(ahead) != EnhancedPacket || length % 4 != 0
            || length > ahead.Length || length < EnhancedPacketHeaderSize + 4 || length > BlockSource.MaxPiece
            || captured > length - EnhancedPacketHeaderSize - 4 || index >= _interfaces.Count
            || BinaryPrimitives.ReadUInt32LittleEndian(ahead[((int)length - 4)..]) != length)
            return false;
        CaptureInterface from = _interfaces[(int)index];
        ulong timestamp = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(ahead[12..]) << 32
            | BinaryPrimitives.ReadUInt32LittleEndian(ahead[16..]);
        piece = new CapturePiece(ahead[..(int)length], isBigEndian: false, new CapturedFrame(
            ahead.Slice(EnhancedPacketHeaderSize, (int)captured), from.TimestampUnit.ToNanoseconds(timestamp), from.LinkType,
            BinaryPrimitives.ReadUInt32LittleEndian(ahead[24..])), EnhancedPacketHeaderSize);
        source.Pass((int)length);
        return true;
    }

    private FrameReadStatus ReadBlock(BlockSource source, out CapturedFrame frame, out int frameOffset)
    {
        frame = default;
        frameOffset = 0;
        ReadOnlySpan<byte> header = source.Read(BlockHeaderSize);
        if (header.Length < BlockHeaderSize)
            return header.IsEmpty ? FrameReadStatus.End : FrameReadStatus.CutShort;
        uint type = new Fields(header, _isBigEndian).U32(0);
        if (type == SectionHeader)
            return ReadSection(source);
        FrameReadStatus status = ReadRest(source, BlockHeaderSize, out ReadOnlySpan<byte> block);
        if (status != FrameReadStatus.Skipped)
            return status;
        return type switch
        {
            InterfaceDescription => ReadInterface(block),
            EnhancedPacket => ReadEnhancedPacket(block, out frame, out frameOffset),
            SimplePacket => ReadSimplePacket(block, out frame, out frameOffset),
            _ => FrameReadStatus.Skipped,
        };
    }

    /// <summary>Behind type and length of a section header, whose byte order is not known yet.</summary>
    private FrameReadStatus ReadSection(BlockSource source)
    {
        ReadOnlySpan<byte> start = source.Extend(4);
        if (start.Length < BlockHeaderSize + 4)
            return FrameReadStatus.CutShort;
        uint magic = new Fields(start, isBigEndian: true).U32(BlockHeaderSize);
        if (magic is not (ByteOrderMagic or SwappedByteOrderMagic))
            return FrameReadStatus.Malformed;
        _isBigEndian = magic == ByteOrderMagic;
        _interfaces.Clear();
        FrameReadStatus status = ReadRest(source, BlockHeaderSize + 4, out ReadOnlySpan<byte> block);
        return status == FrameReadStatus.Skipped && block.Length < SectionHeaderSize ? FrameReadStatus.Malformed : status;
    }

    /// <summary>Reads a block to its end; the trailing length is checked and left out.</summary>
    private FrameReadStatus ReadRest(BlockSource source, int alreadyRead, out ReadOnlySpan<byte> block)
    {
        block = default;
        uint length = new Fields(source.Last, _isBigEndian).U32(4);
        if (length % 4 != 0 || length < BlockOverhead || length < alreadyRead + 4 || length > BlockSource.MaxPiece)
            return FrameReadStatus.Malformed;
        ReadOnlySpan<byte> whole = source.Extend((int)length - alreadyRead);
        if (whole.Length < length)
            return FrameReadStatus.CutShort;
        if (new Fields(whole, _isBigEndian).U32((int)length - 4) != length)
            return FrameReadStatus.Malformed;
        block = whole[..^4];
        return FrameReadStatus.Skipped;
    }

    private FrameReadStatus ReadInterface(ReadOnlySpan<byte> block)
    {
        if (block.Length < InterfaceHeaderSize || _interfaces.Count == MaxInterfaces)
            return FrameReadStatus.Malformed;
        Fields fields = new(block, _isBigEndian);
        TimestampUnit unit = ReadUnit(block[InterfaceHeaderSize..]);
        _interfaces.Add(new CaptureInterface(fields.U16(8), fields.U32(12), unit));
        return FrameReadStatus.Skipped;
    }

    private TimestampUnit ReadUnit(ReadOnlySpan<byte> options)
    {
        TimestampUnit unit = TimestampUnit.Microseconds;
        while (options.Length >= 4)
        {
            Fields fields = new(options, _isBigEndian);
            ushort code = fields.U16(0), length = fields.U16(2);
            if (code == EndOfOptions || options.Length < 4 + length)
                break;
            unit = (code, length) switch
            {
                (TimestampResolution, 1) => unit with { Resolution = options[4] },
                (TimestampOffset, 8) => unit with { OffsetSeconds = fields.I64(4) },
                _ => unit,
            };
            options = options[Math.Min(options.Length, 4 + (length + 3 & ~3))..];
        }
        return unit;
    }

    private FrameReadStatus ReadEnhancedPacket(ReadOnlySpan<byte> block, out CapturedFrame frame, out int frameOffset)
    {
        frame = default;
        frameOffset = EnhancedPacketHeaderSize;
        if (block.Length < EnhancedPacketHeaderSize)
            return FrameReadStatus.Malformed;
        Fields fields = new(block, _isBigEndian);
        uint index = fields.U32(8), captured = fields.U32(20);
        if (index >= _interfaces.Count || captured > block.Length - EnhancedPacketHeaderSize)
            return FrameReadStatus.Malformed;
        CaptureInterface from = _interfaces[(int)index];
        ulong timestamp = (ulong)fields.U32(12) << 32 | fields.U32(16);
        frame = new CapturedFrame(block.Slice(EnhancedPacketHeaderSize, (int)captured),
            from.TimestampUnit.ToNanoseconds(timestamp), from.LinkType, fields.U32(24));
        return FrameReadStatus.Frame;
    }

    private FrameReadStatus ReadSimplePacket(ReadOnlySpan<byte> block, out CapturedFrame frame, out int frameOffset)
    {
        frame = default;
        frameOffset = SimplePacketHeaderSize;
        if (block.Length < SimplePacketHeaderSize || _interfaces.Count == 0)
            return FrameReadStatus.Malformed;
        uint original = new Fields(block, _isBigEndian).U32(8);
        uint snap = _interfaces[0].SnapLength;
        uint captured = snap == 0 ? original : Math.Min(original, snap);
        if (captured > block.Length - SimplePacketHeaderSize)
            return FrameReadStatus.Malformed;
        frame = new CapturedFrame(
            block.Slice(SimplePacketHeaderSize, (int)captured), 0, _interfaces[0].LinkType, original);
        return FrameReadStatus.Frame;
    }
}
