namespace Pdm6.Probe;

/// <summary>How often something happens, without rounding that adds up: so many events in so much time.</summary>
/// <param name="Events">Events, evenly spaced.</param>
/// <param name="PeriodNs">The time that they take, nanoseconds.</param>
public readonly record struct Pace(long Events, long PeriodNs)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>One event every so many seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within a nanosecond and a day.</exception>
    public static Pace Every(TimeSpan interval)
    {
        long ns = (long)interval.TotalNanoseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(ns, 1, nameof(interval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(1));
        return new Pace(1, ns);
    }

    /// <summary>So many events a second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within one and a thousand million.</exception>
    public static Pace PerSecond(long events)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(events, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events, NsPerSecond);
        return new Pace(events, NsPerSecond);
    }

    /// <summary>So many times as often.</summary>
    public Pace Times(int factor) => this with { Events = Events * factor };

    /// <summary>When event <paramref name="number"/> is due, nanoseconds after event 0.</summary>
    public long DueNs(long number) => (long)((Int128)number * PeriodNs / Events);

    /// <summary>Events within a span, rounded up.</summary>
    public long EventsWithin(long spanNs) => (long)(((Int128)spanNs * Events + PeriodNs - 1) / PeriodNs);
}
