namespace Pdm6.Agent.Reporting;

/// <summary>How long to wait before the next attempt: doubled after each failure, with a random part so that agents
/// do not come back all at once.</summary>
internal struct Backoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);
    private int _failures;

    /// <summary>It worked.</summary>
    internal void Reset() => _failures = 0;

    /// <summary>It did not: how long to wait now.</summary>
    internal TimeSpan Next()
    {
        TimeSpan wait = s_first * (1 << Math.Min(_failures++, 10));
        return (wait < s_longest ? wait : s_longest) * (0.5 + Random.Shared.NextDouble() / 2);
    }
}
