using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>The time from a packet's arrival at a host to the host's own packet in return. True value: at least
/// <paramref name="TurnaroundNs"/> and less than that plus <paramref name="ErrorBoundNs"/>.</summary>
/// <param name="Flow">The flow of the packet in return: its source is the host that took the time.</param>
/// <param name="Tag">The conversation's tag.</param>
/// <param name="Kind">Whose time it was.</param>
/// <param name="Psntp">The number of the packet in return.</param>
/// <param name="TurnaroundNs">The sample, nanoseconds.</param>
/// <param name="ErrorBoundNs">What the rounding of the 16-bit delta can have cost, nanoseconds.</param>
/// <param name="ObservedAtNs">Unix time at which the packet in return was observed.</param>
public readonly record struct TurnaroundSample(
    FlowKey Flow, int Tag, TurnaroundKind Kind, uint Psntp, long TurnaroundNs, long ErrorBoundNs, ulong ObservedAtNs);
