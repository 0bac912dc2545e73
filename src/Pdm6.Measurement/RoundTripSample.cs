using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>
/// One round trip over the network, without the time that the far end took. True value: within
/// <paramref name="ErrorBoundNs"/> of <paramref name="RoundTripNs"/>.
/// </summary>
/// <param name="Flow">The flow whose source saw the round trip.</param>
/// <param name="Tag">The conversation's tag.</param>
/// <param name="Psntp">The number whose journey out and back was timed. Each number yields at most one sample.</param>
/// <param name="RoundTripNs">The sample, above 0, nanoseconds.</param>
/// <param name="ErrorBoundNs">What the rounding of the 16-bit deltas can have cost, nanoseconds.</param>
/// <param name="ObservedAtNs">Unix time of the observation that the sample was taken from.</param>
/// <param name="IsClosing">Taken from the last exchange of a flow that fell silent (docs/decisions/0003).</param>
public readonly record struct RoundTripSample(
    FlowKey Flow, int Tag, uint Psntp, long RoundTripNs, long ErrorBoundNs, ulong ObservedAtNs, bool IsClosing);
