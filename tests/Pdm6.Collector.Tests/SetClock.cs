namespace Pdm6.Collector.Tests;

/// <summary>A clock that stands where it is set.</summary>
internal sealed class SetClock(ulong unixNs) : TimeProvider
{
    public ulong UnixNs { get; set; } = unixNs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks((long)(UnixNs / 100));
}
