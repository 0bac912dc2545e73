namespace Pdm6.Bench;

/// <summary>The time of day.</summary>
internal static class UnixClock
{
    private const int NanosecondsPerTick = 100;

    public static ulong NowNs => (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * NanosecondsPerTick;
}
