namespace Pdm6.Capture;

/// <summary>What reading on in a capture came to.</summary>
internal enum FrameReadStatus
{
    /// <summary>A frame.</summary>
    Frame,
    /// <summary>Something that is no frame; there may be more.</summary>
    Skipped,
    /// <summary>The end, where one may be.</summary>
    End,
    /// <summary>The end in the middle of something.</summary>
    CutShort,
    /// <summary>Lengths or numbers that contradict each other.</summary>
    Malformed,
    /// <summary>No capture format at all.</summary>
    Unknown,
}
