namespace Pdm6.Capture;

/// <summary>What a capture is made of, piece by piece: file headers, blocks, records. Valid until the next is
/// read.</summary>
internal readonly ref struct CapturePiece
{
    /// <summary>A piece that holds no frame.</summary>
    public CapturePiece(ReadOnlySpan<byte> octets, bool isBigEndian) : this(octets, isBigEndian, default, 0)
    {
    }

    public CapturePiece(ReadOnlySpan<byte> octets, bool isBigEndian, CapturedFrame frame, int frameOffset)
    {
        Octets = octets;
        IsBigEndian = isBigEndian;
        Frame = frame;
        FrameOffset = frameOffset;
    }

    /// <summary>The whole piece as it stands in the file.</summary>
    public ReadOnlySpan<byte> Octets { get; }
    /// <summary>Its byte order.</summary>
    public bool IsBigEndian { get; }
    /// <summary>The frame in it, if <see cref="HoldsFrame"/>.</summary>
    public CapturedFrame Frame { get; }
    /// <summary>Where the frame begins in the piece.</summary>
    public int FrameOffset { get; }
    /// <summary>True for a packet.</summary>
    public bool HoldsFrame => FrameOffset > 0;
}
