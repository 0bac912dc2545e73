using System.Runtime.CompilerServices;

namespace Pdm6.Measurement;

/// <summary>
/// Differences between the round trips of one flow in PSNTP order (RFC 3393, RFC 3550 section 6.4.1). Holds the last
/// four for a while, so that round trips that come out of order are compared in order.
/// </summary>
internal struct Variation
{
    private const int MostHeld = 4;
    private const double JitterGain = 1.0 / 16;

    /// <summary>From <see cref="_first"/> on, around the end, in PSNTP order.</summary>
    private Ring _held;
    private int _first, _count;
    private bool _hasLast;
    private uint _lastPsntp;
    private long _lastRoundTripNs;
    private double _jitterNs;

    /// <summary>Since when something is held.</summary>
    public readonly ulong HeldSinceNs
    {
        get
        {
            ulong since = ulong.MaxValue;
            for (int i = 0; i < _count; i++)
                since = Math.Min(since, _held[IndexOf(i)].SinceNs);
            return since;
        }
    }

    /// <summary>See <see cref="FlowPlace.Fetch"/>.</summary>
    public readonly ulong Fetch() =>
        _lastPsntp + _held[0].SinceNs + _held[2].SinceNs + _held[4].SinceNs + _held[6].SinceNs + _held[Ring.Size - 1].SinceNs;

    public void Reset() => (_count, _hasLast, _jitterNs) = (0, false, 0);

    /// <param name="seer">The direction whose round trips these are.</param>
    /// <param name="psntp">The number of a round trip.</param>
    /// <param name="roundTripNs">The round trip.</param>
    /// <param name="observedAtNs">When it was observed.</param>
    /// <param name="nowNs">Time.</param>
    /// <param name="sink">Hears of differences.</param>
    public void Add(Direction seer, uint psntp, long roundTripNs, ulong observedAtNs, ulong nowNs, IFlowSink sink)
    {
        int place = _count++;
        for (; place > 0 && (int)(psntp - _held[IndexOf(place - 1)].Psntp) < 0; place--)
            _held[IndexOf(place)] = _held[IndexOf(place - 1)];
        ref Held held = ref _held[IndexOf(place)];
        (held.Psntp, held.RoundTripNs, held.ObservedAtNs, held.SinceNs) =
            (psntp, roundTripNs, observedAtNs, nowNs);
        if (_count > MostHeld)
            ReleaseFirst(seer, sink);
    }

    /// <summary>Releases what has been held since <paramref name="untilNs"/> or longer.</summary>
    public void Release(Direction seer, ulong untilNs, IFlowSink sink)
    {
        while (_count > 0 && _held[_first].SinceNs <= untilNs)
            ReleaseFirst(seer, sink);
    }

    private void ReleaseFirst(Direction seer, IFlowSink sink)
    {
        ref readonly Held next = ref _held[_first];
        _first = (_first + 1) & (Ring.Size - 1);
        _count--;

        bool isSameSeries = _hasLast && Series.IsNear(next.Psntp, _lastPsntp);
        if (isSameSeries && Series.IsBehind(next.Psntp, _lastPsntp))
            return;
        if (isSameSeries)
        {
            long difference = Math.Abs(next.RoundTripNs - _lastRoundTripNs);
            _jitterNs += (difference - _jitterNs) * JitterGain;
            sink.OnVariation(seer.Flow, seer.Conversation.Tag, next.Psntp, difference, _jitterNs, next.ObservedAtNs);
        }
        else
        {
            _jitterNs = 0;
        }
        (_hasLast, _lastPsntp, _lastRoundTripNs) = (true, next.Psntp, next.RoundTripNs);
    }

    private readonly int IndexOf(int place) => (_first + place) & (Ring.Size - 1);

    private struct Held
    {
        public uint Psntp;
        public long RoundTripNs;
        public ulong ObservedAtNs;
        public ulong SinceNs;
    }

    [InlineArray(Size)]
    private struct Ring
    {
        /// <summary>A power of two above <see cref="MostHeld"/>.</summary>
        public const int Size = 8;
        private Held _first;
    }
}
