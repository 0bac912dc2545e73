using Pdm6.Wire;

namespace Pdm6.Collector.Opening;

/// <summary>
/// Observations whose context is not known yet: a host may report what another one sent before that one's announcement
/// is here. They wait a few seconds, in order, within a bound; the oldest gives way.
/// </summary>
/// <param name="time">Measures the waiting.</param>
internal sealed class ParkedObservations(TimeProvider time)
{
    public const int Most = 65_536;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Queue<Parked> _queue = new();

    public int Count => _queue.Count;

    /// <summary>Takes one in. When there is no room the oldest comes out.</summary>
    public bool Add(in Observation observation, int tag, out Parked displaced)
    {
        displaced = default;
        bool isFull = _queue.Count == Most;
        if (isFull)
            displaced = _queue.Dequeue();
        _queue.Enqueue(new Parked(observation, tag, time.GetTimestamp()));
        return isFull;
    }

    /// <summary>Takes the oldest out if it has waited long enough.</summary>
    public bool TryTakeExpired(out Parked expired)
    {
        if (_queue.TryPeek(out expired) && time.GetElapsedTime(expired.Since) >= Patience)
            return _queue.TryDequeue(out expired);
        expired = default;
        return false;
    }

    /// <summary>Puts one back behind the others; it keeps the time that it has waited.</summary>
    public void PutBack(in Parked waiting) => _queue.Enqueue(waiting);

    /// <summary>Takes the oldest out, however short it has waited.</summary>
    public bool TryTake(out Parked oldest) => _queue.TryDequeue(out oldest);

    /// <param name="Observation">What waits.</param>
    /// <param name="Tag">Its group.</param>
    /// <param name="Since">When it came, in the time provider's ticks.</param>
    internal readonly record struct Parked(Observation Observation, int Tag, long Since);
}
