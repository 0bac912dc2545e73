namespace Pdm6.Measurement;

/// <summary>Samples of a <see cref="LatencyHistogram"/> that lie close together.</summary>
/// <param name="FromNs">The least that they can be, nanoseconds.</param>
/// <param name="WidthNs">They are less than this much more, nanoseconds.</param>
/// <param name="Count">How many they are.</param>
public readonly record struct HistogramBucket(long FromNs, long WidthNs, ulong Count);
