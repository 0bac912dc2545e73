using System.Buffers.Binary;

namespace Pdm6.Capture;

/// <summary>
/// Reads a capture frame by frame: pcapng (draft-ietf-opsawg-pcapng), or pcap (draft-ietf-opsawg-pcap) with
/// microseconds or nanoseconds, of either byte order. A broken or cut capture gives the frames before the break and
/// then a <see cref="Problem"/>; it does not throw. Errors of the stream itself are passed on.
/// </summary>
public sealed class CaptureReader : IDisposable
{
    private readonly BlockSource _source;
    private readonly FileStream? _file;
    private bool _isAtEnd;

    /// <summary>Reads from a stream, which is closed with the reader.</summary>
    public CaptureReader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _source = new BlockSource(stream);
    }

    private CaptureReader(FileStream file) : this(CaptureFile.Decompress(file)) => _file = file;

    /// <summary>Reads a file; one that is compressed with gzip (RFC 1952) is decompressed on the way.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static CaptureReader Open(string path) => new(CaptureFile.OpenRead(path));

    /// <summary>How much of the file was read, 0 to 1; null if that is not known.</summary>
    public double? ReadShare => _file is { CanSeek: true, Length: > 0 } ? (double)_file.Position / _file.Length : null;

    /// <summary>What was wrong with the capture, in one line; null if nothing was so far.</summary>
    public string? Problem { get; private set; }

    /// <summary>More of the capture is at hand: reading on will hardly wait.</summary>
    internal bool HasMoreAtHand => !_source.Ahead.IsEmpty;

    /// <summary>The format, once a first piece was read.</summary>
    internal ICaptureFormat? Format { get; private set; }

    /// <summary>Reads the next frame. False at the end, and at a <see cref="Problem"/>.</summary>
    public bool TryReadNext(out CapturedFrame frame)
    {
        while (TryReadPiece(out CapturePiece piece))
        {
            frame = piece.Frame;
            if (piece.HoldsFrame)
                return true;
        }
        frame = default;
        return false;
    }

    /// <summary>Reads the next piece, frame or not. False at the end, and at a <see cref="Problem"/>.</summary>
    internal bool TryReadPiece(out CapturePiece piece)
    {
        piece = default;
        if (_isAtEnd)
            return false;
        long at = _source.Position;
        FrameReadStatus status = Format is null ? ReadStart(out piece) : Format.ReadNext(_source, out piece);
        if (status is FrameReadStatus.Frame or FrameReadStatus.Skipped)
            return true;
        piece = default;
        _isAtEnd = true;
        Problem = status switch
        {
            _ when _source.IsDamaged => $"The compressed capture is damaged behind octet {at} of what it holds.",
            FrameReadStatus.CutShort => $"The capture is cut short within what begins at octet {at}.",
            FrameReadStatus.Malformed => $"The capture is malformed at octet {at}.",
            FrameReadStatus.Unknown => "This is neither pcapng nor pcap.",
            _ => null,
        };
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private FrameReadStatus ReadStart(out CapturePiece piece)
    {
        piece = default;
        ReadOnlySpan<byte> magic = _source.Read(4);
        if (magic.IsEmpty)
            return FrameReadStatus.End;
        if (magic.Length < 4)
            return FrameReadStatus.Unknown;
        uint value = BinaryPrimitives.ReadUInt32BigEndian(magic);
        FrameReadStatus status = value == PcapngFormat.SectionHeader
            ? PcapngFormat.TryStart(_source, out ICaptureFormat? format)
            : PcapFormat.TryStart(_source, value, out format);
        Format = format;
        piece = new CapturePiece(_source.Last, format is PcapngFormat { IsBigEndian: true });
        return status;
    }
}
