using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>How much a round trip differs from the one before it.</summary>
/// <param name="Flow">The flow whose source saw the round trips.</param>
/// <param name="Tag">The conversation's tag.</param>
/// <param name="Psntp">The number of the later round trip.</param>
/// <param name="DifferenceNs">Absolute difference to the previous sample in PSNTP order, nanoseconds (RFC 3393).</param>
/// <param name="SmoothedJitterNs">The flow's jitter after this difference, nanoseconds (RFC 3550 section 6.4.1).</param>
/// <param name="ObservedAtNs">Unix time of the observation that the later round trip was taken from.</param>
public readonly record struct VariationSample(
    FlowKey Flow, int Tag, uint Psntp, long DifferenceNs, double SmoothedJitterNs, ulong ObservedAtNs);
