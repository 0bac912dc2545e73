using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>One sample of one flow.</summary>
/// <param name="Kind">What was measured.</param>
/// <param name="Flow">The flow whose source saw the round trip, or took the time.</param>
/// <param name="Psntp">The packet that the sample is about: whose round trip it is, or the packet in return.</param>
/// <param name="AtUnixNs">When the packet that told it was captured.</param>
/// <param name="ValueNs">The sample, nanoseconds.</param>
/// <param name="ErrorBoundNs">How far rounding can have moved it; 0 where that is not known.</param>
/// <param name="IsAuthentic">False if it comes of packets in clear, which anybody can have written.</param>
public readonly record struct FlowSample(
    SampleKind Kind, FlowKey Flow, uint Psntp, ulong AtUnixNs, long ValueNs, long ErrorBoundNs, bool IsAuthentic);
