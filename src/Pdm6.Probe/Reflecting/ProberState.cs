using Pdm6.Security;

namespace Pdm6.Probe.Reflecting;

/// <summary>What a reflector knows of one prober (one sender of frames).</summary>
internal sealed class ProberState
{
    private const double JitterGain = 1.0 / 16; // RFC 3550 section 6.4.1
    private const uint PartsPerMillion = 1_000_000;

    private bool _hasSequence;
    private uint _firstSequence, _highestSequence;
    private bool _hasTransit;
    private long _lastTransitNs;
    private double _jitterNs;
    private uint _accepted, _limited, _duplicated, _reordered, _replies;

    internal ReplayWindow Window { get; } = new();

    internal ReflectorCounts Counts => new(_accepted, _limited, _duplicated, _reordered);

    internal ulong JitterNs => (ulong)_jitterNs;

    /// <summary>The share of requests that never came, of those between the first and the last that did.</summary>
    internal uint LossPartsPerMillion
    {
        get
        {
            ulong span = (ulong)(_highestSequence - _firstSequence) + 1;
            return span <= _accepted ? 0 : (uint)((span - _accepted) * PartsPerMillion / span);
        }
    }

    /// <summary>A request came for the first time.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="transitNs">This host's clock on receipt minus the prober's on sending; only differences count.</param>
    internal void OnRequest(uint sequence, long transitNs)
    {
        _accepted++;
        if (!_hasSequence)
            (_hasSequence, _firstSequence, _highestSequence) = (true, sequence, sequence);
        else if ((int)(sequence - _highestSequence) > 0)
            _highestSequence = sequence;
        else
            OnOvertaken(sequence);
        if (_hasTransit)
            _jitterNs += (Math.Abs(transitNs - _lastTransitNs) - _jitterNs) * JitterGain;
        (_hasTransit, _lastTransitNs) = (true, transitNs);
    }

    /// <summary>A copy of a request came.</summary>
    internal void OnCopy() => _duplicated++;

    /// <summary>A request is not answered.</summary>
    internal void OnLimited() => _limited++;

    /// <summary>A reply leaves; returns its number, from 1.</summary>
    internal uint OnReply() => ++_replies;

    private void OnOvertaken(uint sequence)
    {
        _reordered++;
        if ((int)(sequence - _firstSequence) < 0)
            _firstSequence = sequence;
    }
}
