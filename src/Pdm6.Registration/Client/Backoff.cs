namespace Pdm6.Registration.Client;

/// <summary>How long to wait before the next attempt: doubled after each failure, with a random part so that those who
/// lost the same registrar do not come back all at once.</summary>
/// <param name="first">Before the second attempt.</param>
/// <param name="longest">Never longer.</param>
public struct Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    /// <summary>It worked.</summary>
    public void Reset() => _failures = 0;

    /// <summary>It did not: how long to wait now.</summary>
    /// <param name="asked">What the other side asked for, if it did: at least that, but not longer than the
    /// longest.</param>
    public TimeSpan Next(TimeSpan? asked = null)
    {
        TimeSpan doubled = first * (1 << Math.Min(_failures++, 20));
        TimeSpan wait = (doubled < longest ? doubled : longest) * (0.5 + Random.Shared.NextDouble() / 2);
        TimeSpan due = asked < longest ? asked.Value : asked is null ? TimeSpan.Zero : longest;
        return wait > due ? wait : due;
    }
}
