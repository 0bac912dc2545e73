namespace Pdm6.Probe.Sessions;

/// <summary>Differences between delays that follow each other (RFC 3393), and their smoothed value (RFC 3550 section
/// 6.4.1).</summary>
internal sealed class DelayVariation
{
    private const double Gain = 1.0 / 16;
    private bool _hasLast;
    private long _last;

    /// <summary>The absolute differences.</summary>
    internal DelayDistribution Differences { get; } = new();

    /// <summary>The smoothed jitter, nanoseconds.</summary>
    internal double JitterNs { get; private set; }

    /// <summary>Adds the delay of the next request in the order of sending. Its clock may be off by any constant.</summary>
    internal void Add(long delayNs)
    {
        if (_hasLast)
        {
            long difference = Math.Abs(delayNs - _last);
            Differences.Add(difference);
            JitterNs += (difference - JitterNs) * Gain;
        }
        (_hasLast, _last) = (true, delayNs);
    }
}
