using System.Runtime.CompilerServices;

namespace Pdm6.Measurement;

/// <summary>
/// Differences between the round trips of one flow in PSNTP order (RFC 3393, RFC 3550 section 6.4.1). Holds the last
/// four for a while, so that round trips that come out of order are compared in order.
/// </summary>
internal sealed class Variation(Direction seer)
{
    private const double JitterGain = 1.0 / 16;

    private Ring _held;
    private int _count;
    private bool _hasLast;
    private uint _lastPsntp;
    private long _lastRoundTripNs;
    private double _jitterNs;

    /// <summary>Since when something is held.</summary>
    public ulong HeldSinceNs
    {
        get
        {
            ulong since = ulong.MaxValue;
            for (int i = 0; i < _count; i++)
                since = Math.Min(since, _held[i].SinceNs);
            return since;
        }
    }

    public void Reset() => (_count, _hasLast, _jitterNs) = (0, false, 0);

    public void Add(in RoundTripSample sample, ulong nowNs, IMeasurementSink sink)
    {
        int place = _count;
        while (place > 0 && (int)(sample.Psntp - _held[place - 1].Psntp) < 0)
        {
            _held[place] = _held[place - 1];
            place--;
        }
        _held[place] = new Held(sample.Psntp, sample.RoundTripNs, sample.ObservedAtNs, nowNs);
        if (++_count == Ring.Size)
            ReleaseFirst(sink);
    }

    /// <summary>Releases what has been held since <paramref name="untilNs"/> or longer.</summary>
    public void Release(ulong untilNs, IMeasurementSink sink)
    {
        while (_count > 0 && _held[0].SinceNs <= untilNs)
            ReleaseFirst(sink);
    }

    private void ReleaseFirst(IMeasurementSink sink)
    {
        Held next = _held[0];
        _count--;
        for (int i = 0; i < _count; i++)
            _held[i] = _held[i + 1];

        bool isSameSeries = _hasLast && Series.IsNear(next.Psntp, _lastPsntp);
        if (isSameSeries && Series.IsBehind(next.Psntp, _lastPsntp))
            return;
        if (isSameSeries)
        {
            long difference = Math.Abs(next.RoundTripNs - _lastRoundTripNs);
            _jitterNs += (difference - _jitterNs) * JitterGain;
            sink.OnVariation(new VariationSample(
                seer.Flow, seer.Conversation.Tag, next.Psntp, difference, _jitterNs, next.ObservedAtNs));
        }
        else
        {
            _jitterNs = 0;
        }
        (_hasLast, _lastPsntp, _lastRoundTripNs) = (true, next.Psntp, next.RoundTripNs);
    }

    private readonly record struct Held(uint Psntp, long RoundTripNs, ulong ObservedAtNs, ulong SinceNs);

    [InlineArray(Size)]
    private struct Ring
    {
        public const int Size = 5;
        private Held _first;
    }
}
