namespace Pdm6.Capture;

/// <summary>A capture format behind its file header.</summary>
internal interface ICaptureFormat
{
    /// <summary>Reads one block or record. The piece is there with <see cref="FrameReadStatus.Frame"/> and
    /// <see cref="FrameReadStatus.Skipped"/>.</summary>
    FrameReadStatus ReadNext(BlockSource source, out CapturePiece piece);
}
