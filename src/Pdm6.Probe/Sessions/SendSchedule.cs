namespace Pdm6.Probe.Sessions;

/// <summary>
/// When requests are due: at instants counted from the start, so that nothing adds up. A caller that comes late sends
/// what it missed, but never more than a second's worth: a host that slept does not flood the network.
/// </summary>
/// <param name="pace">How often.</param>
/// <param name="total">Requests in all; null for no end.</param>
/// <param name="durationNs">None is due later than this after the first; null for no end.</param>
internal sealed class SendSchedule(Pace pace, long? total, long? durationNs)
{
    private const long LargestLagNs = 1_000_000_000;
    private long _begunNs;
    private long _startNs; // moves on when a lag is forgiven
    private long _next;
    private bool _stopped;

    /// <summary>No further request will be due.</summary>
    internal bool IsFinished => _stopped || _next >= total || _startNs + pace.DueNs(_next) - _begunNs >= durationNs;

    /// <summary>When the next is due, monotonic clock; null if there is none.</summary>
    internal long? DueAtNs => IsFinished ? null : _startNs + pace.DueNs(_next);

    internal void Start(long nowNs) => _begunNs = _startNs = nowNs;

    /// <summary>Ends it before its time.</summary>
    internal void Stop() => _stopped = true;

    /// <summary>Takes the next request if it is due; <paramref name="number"/> counts all from 0.</summary>
    internal bool TryTake(long nowNs, out long number)
    {
        number = _next;
        // Who cannot keep the pace ends in time all the same.
        _stopped |= nowNs - _begunNs >= durationNs;
        if (DueAtNs is not { } due || due > nowNs)
            return false;
        if (nowNs - due > LargestLagNs)
            _startNs += nowNs - due;
        _next++;
        return true;
    }
}
