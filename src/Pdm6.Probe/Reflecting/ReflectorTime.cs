namespace Pdm6.Probe.Reflecting;

/// <summary>The time at a reflector.</summary>
/// <param name="UnixNs">Unix time.</param>
/// <param name="MonotonicNs">A clock that nobody sets.</param>
/// <param name="SendLagNs">A reply written now leaves so much later.</param>
/// <param name="ErrorNs">By how much Unix time may be off; null if not known.</param>
internal readonly record struct ReflectorTime(ulong UnixNs, long MonotonicNs, long SendLagNs, long? ErrorNs)
{
    /// <summary>When a reply that is written now leaves.</summary>
    internal ulong SendUnixNs => UnixNs + (ulong)SendLagNs;
}
