namespace Pdm6.Measurement;

/// <summary>One of <see cref="HeldTurnarounds"/>.</summary>
internal readonly record struct HeldTurnaround(
    bool IsOfOne, uint Psntp, long TurnaroundNs, long ErrorBoundNs, ulong ObservedAtNs);
