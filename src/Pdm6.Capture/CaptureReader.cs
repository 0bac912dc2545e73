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
    private ICaptureFormat? _format;
    private bool _isAtEnd;

    /// <summary>Reads from a stream, which is closed with the reader.</summary>
    public CaptureReader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _source = new BlockSource(stream);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static CaptureReader Open(string path) => new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

    /// <summary>What was wrong with the capture, in one line; null if nothing was so far.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the next frame. False at the end, and at a <see cref="Problem"/>.</summary>
    public bool TryReadNext(out CapturedFrame frame)
    {
        frame = default;
        if (_isAtEnd)
            return false;
        long at = _source.Position;
        FrameReadStatus status = _format is null ? ReadStart() : FrameReadStatus.Skipped;
        while (status == FrameReadStatus.Skipped)
        {
            at = _source.Position;
            status = _format!.ReadNext(_source, out frame);
        }
        if (status == FrameReadStatus.Frame)
            return true;
        _isAtEnd = true;
        Problem = status switch
        {
            FrameReadStatus.CutShort => $"The capture is cut short within what begins at octet {at}.",
            FrameReadStatus.Malformed => $"The capture is malformed at octet {at}.",
            FrameReadStatus.Unknown => "This is neither pcapng nor pcap.",
            _ => null,
        };
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private FrameReadStatus ReadStart()
    {
        ReadOnlySpan<byte> magic = _source.Read(4);
        if (magic.IsEmpty)
            return FrameReadStatus.End;
        if (magic.Length < 4)
            return FrameReadStatus.Unknown;
        uint value = BinaryPrimitives.ReadUInt32BigEndian(magic);
        if (value == PcapngFormat.SectionHeader)
            return PcapngFormat.TryStart(_source, out _format);
        return PcapFormat.TryStart(_source, value, out _format);
    }
}
