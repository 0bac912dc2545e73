namespace Pdm6.Collector;

/// <summary>The wall clock in the unit of the protocol.</summary>
internal static class UnixTime
{
    private const long NanosecondsPerTick = 100;

    public const ulong NanosecondsPerSecond = 1_000_000_000;

    extension(TimeProvider time)
    {
        /// <summary>Nanoseconds since the Unix epoch.</summary>
        public ulong UnixNs() => (ulong)((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick);
    }
}
