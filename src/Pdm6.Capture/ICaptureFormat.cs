namespace Pdm6.Capture;

/// <summary>A capture format behind its file header.</summary>
internal interface ICaptureFormat
{
    /// <summary>Reads one block or record.</summary>
    FrameReadStatus ReadNext(BlockSource source, out CapturedFrame frame);
}
