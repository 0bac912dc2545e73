using Pdm6.Probe.Native;

namespace Pdm6.Probe;

/// <summary>By how much this host's clock may be off: as the operator says, or as the kernel is asked once a
/// second.</summary>
internal sealed class ClockErrorWatch(TimeSpan? given)
{
    private const long AskEveryNs = 1_000_000_000;
    private long? _errorNs = (long?)given?.TotalNanoseconds;
    private long _askedAtNs = long.MinValue / 2;

    /// <summary>The bound, nanoseconds; null if nobody sets the clock.</summary>
    internal long? At(long nowNs)
    {
        if (given is null && nowNs - _askedAtNs >= AskEveryNs)
            (_errorNs, _askedAtNs) = (SystemClock.ErrorBoundNs(), nowNs);
        return _errorNs;
    }
}
