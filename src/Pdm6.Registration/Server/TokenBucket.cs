namespace Pdm6.Registration.Server;

/// <summary>So many at once, and so many a second after that. Not for several threads.</summary>
internal struct TokenBucket
{
    private double _level;
    private long _filledAt;

    /// <summary>A full bucket.</summary>
    public TokenBucket(int capacity, long now) => (_level, _filledAt) = (capacity, now);

    /// <summary>Takes one, or says how many seconds until there is one.</summary>
    /// <param name="capacity">At once.</param>
    /// <param name="perSecond">A second.</param>
    /// <param name="now">A time stamp.</param>
    /// <param name="stampsPerSecond">What a second is in time stamps.</param>
    /// <param name="waitSeconds">How long to wait, when the answer is false.</param>
    public bool TryTake(int capacity, double perSecond, long now, long stampsPerSecond, out double waitSeconds)
    {
        _level = Math.Min(capacity, _level + Math.Max(0, now - _filledAt) * perSecond / stampsPerSecond);
        _filledAt = now;
        waitSeconds = _level >= 1 ? 0 : (1 - _level) / perSecond;
        if (_level < 1)
            return false;
        _level--;
        return true;
    }

    /// <summary>True if it would be full by now: nobody has to remember it.</summary>
    public readonly bool IsFull(int capacity, double perSecond, long now, long stampsPerSecond) =>
        _level + Math.Max(0, now - _filledAt) * perSecond / stampsPerSecond >= capacity;
}
