namespace Pdm6.Registration;

/// <summary>The wall clock in the unit of the protocol.</summary>
internal static class UnixTime
{
    private const long NanosecondsPerTick = 100;

    extension(TimeProvider time)
    {
        /// <summary>Nanoseconds since the Unix epoch.</summary>
        public long UnixNs() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
    }

    extension(DateTimeOffset instant)
    {
        /// <summary>Nanoseconds since the Unix epoch.</summary>
        public long ToUnixNs() => (instant - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
    }

    /// <summary>Nanoseconds of a document, which may lie behind what a store can hold.</summary>
    public static long Clamp(ulong unixNs) => (long)Math.Min(unixNs, long.MaxValue);

    /// <summary>The instant, to 100 ns.</summary>
    public static DateTimeOffset FromUnixNs(long unixNs) => DateTimeOffset.UnixEpoch.AddTicks(unixNs / NanosecondsPerTick);
}
