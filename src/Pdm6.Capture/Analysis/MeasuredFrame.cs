namespace Pdm6.Capture.Analysis;

/// <summary>An authentic udp-frame as the measurement engine wants it.</summary>
/// <param name="Context">The context that sealed it, or for a raw key the sealing process.</param>
/// <param name="EpochIndex">Index of the epoch that its key belongs to; 0 for a raw key.</param>
/// <param name="Sequence">Its number.</param>
/// <param name="IsOfContext">Its key follows from a context.</param>
internal readonly record struct MeasuredFrame(UInt128 Context, long EpochIndex, uint Sequence, bool IsOfContext);
