using Pdm6.Wire;

namespace Pdm6.Probe.Reflecting;

/// <summary>Holds each source to a rate: a token bucket that holds one second's worth.</summary>
internal sealed class SourceLimiter(int perSecond, int mostSources)
{
    private const long NsPerSecond = 1_000_000_000;

    // A bucket that was idle for a second is full, and so is a new one: nothing is lost with it.
    private readonly IdleTable<Ipv6Address, Bucket> _buckets = new(mostSources, NsPerSecond);

    /// <summary>True if the source may be answered now.</summary>
    internal bool TryTake(Ipv6Address source, long nowNs)
    {
        if (_buckets.Find(source, nowNs) is not { } bucket)
            return false;
        double earned = (double)(nowNs - bucket.FilledAtNs) * perSecond / NsPerSecond;
        bucket.Tokens = bucket.IsNew ? perSecond : Math.Min(perSecond, bucket.Tokens + earned);
        (bucket.IsNew, bucket.FilledAtNs) = (false, nowNs);
        if (bucket.Tokens < 1)
            return false;
        bucket.Tokens--;
        return true;
    }

    private sealed class Bucket
    {
        internal bool IsNew { get; set; } = true;

        internal double Tokens { get; set; }

        internal long FilledAtNs { get; set; }
    }
}
