using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Probe.Sessions;

/// <summary>
/// The requests to one target and what became of each. Does no I/O and reads no clock; everything is told, with its
/// time, by the <see cref="Prober"/>.
/// </summary>
internal sealed class ProbeSession(ProbeTarget target, SessionSettings settings, IProbeSink sink)
{
    private readonly RequestRing _requests = new(settings.Remembered);
    private readonly SessionDelays _delays = new();
    private uint _decided; // every request below is answered or lost
    private long _sent, _notSent, _received, _late, _duplicatesThere, _duplicatesBack, _reordered, _reorderedBack;
    private long _refused, _icmpErrors, _withoutSample, _withoutKernelStamp;
    private uint? _highestIndex, _highestReplyNumber;
    private ulong _startedAtUnixNs;
    private long _startedAtNs, _lastEventAtNs;
    private ReflectorCounts? _counts;
    private uint? _answeredBeforeClosing;
    private int? _hopsThere, _hopsBack;
    private Ipv6Address? _source;

    internal ProbeTarget Target => target;

    /// <summary>The number of the next request. Numbers from here on belong to closing requests.</summary>
    internal uint NextIndex { get; private set; }

    /// <summary>The round trip of the latest reply, nanoseconds; null if there is none.</summary>
    internal long? LastRoundTripNs { get; private set; }

    /// <summary>By how much this host's clock is off at most; null if not known.</summary>
    internal long? OwnClockErrorNs { get; set; }

    /// <summary>Replies in time so far.</summary>
    internal long Received => _received;

    /// <summary>Every request is answered or lost.</summary>
    internal bool IsDecided => _decided == NextIndex;

    /// <summary>When the next request is lost unless it is answered, monotonic clock; null if none waits.</summary>
    internal long? NextTimeoutAtNs => IsDecided ? null : _requests[_decided].SentAtNs + settings.TimeoutNs;

    /// <summary>The reflector's counts include every request: nothing more can be learnt from it.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>The longest round trip so far.</summary>
    internal long LongestRoundTripNs => _delays.RoundTrip.Histogram.GreatestNs;

    /// <summary>The next request is about to leave. Returns its number.</summary>
    internal uint OnSending(ulong nowUnixNs, long nowNs)
    {
        if (NextIndex - _decided == _requests.Size)
            Decide(nowNs, giveUpFirst: true);
        if (NextIndex == 0)
            (_startedAtUnixNs, _startedAtNs) = (nowUnixNs, nowNs);
        _lastEventAtNs = nowNs;
        _requests[NextIndex] = new Outstanding { Index = NextIndex, SentAtUnixNs = nowUnixNs, SentAtNs = nowNs };
        _sent++;
        return NextIndex++;
    }

    /// <summary>The kernel did not send a request after all.</summary>
    internal void OnNotSent(uint index, string problem)
    {
        ref Outstanding request = ref _requests[index];
        if (request.Index != index || request.State != RequestState.Waiting)
            return;
        request.State = RequestState.NotSent;
        _sent--;
        _notSent++;
        sink.OnProblem(target, problem);
    }

    /// <summary>The kernel says when a request left.</summary>
    internal void OnTransmitStamp(uint index, ulong leftAtUnixNs)
    {
        ref Outstanding request = ref _requests[index];
        if (request.Index == index && leftAtUnixNs >= request.SentAtUnixNs)
            request.LeftAtUnixNs = leftAtUnixNs;
    }

    /// <summary>Somebody reports that a request did not arrive.</summary>
    internal void OnIcmpError(string problem)
    {
        _icmpErrors++;
        sink.OnProblem(target, problem);
    }

    /// <summary>A datagram came that is no genuine reply.</summary>
    internal void OnRefused() => _refused++;

    /// <summary>A genuine reply came, <paramref name="octets"/> long.</summary>
    internal void OnReply(in ReplyFacts reply, in Arrival arrival, int octets)
    {
        Expire(arrival.NowNs);
        if (reply.Index >= NextIndex)
        {
            OnClosingReply(reply);
            return;
        }
        ref Outstanding request = ref _requests[reply.Index];
        if (request.Index != reply.Index || request.State == RequestState.NotSent
            || (reply.EchoedSentAtUnixNs is { } echoed && echoed != request.SentAtUnixNs))
        {
            _refused++;
            return;
        }
        _lastEventAtNs = arrival.NowNs;
        MergeCounts(reply.Counts);
        if (request.State == RequestState.Answered)
        {
            OnDuplicate(ref request, reply);
            return;
        }
        bool late = request.State == RequestState.Lost;
        request.State = RequestState.Answered;
        request.ReplyNumber = reply.ReplyNumber;
        CountOrder(reply);
        if (late)
            _late++;
        else
            OnReplyInTime(ref request, reply, arrival, octets);
    }

    /// <summary>Finds out which requests are lost by now.</summary>
    internal void Expire(long nowNs) => Decide(nowNs, giveUpFirst: false);

    /// <summary>What it all comes to so far.</summary>
    internal ProbeSummary Summarise()
    {
        bool isWhole = IsClosed || (_sent > 0 && _received + _late == _sent);
        long arrivedBack = _received + _late + _duplicatesThere;
        return new ProbeSummary
        {
            Target = target,
            Source = _source,
            StartedAtUnixNs = _startedAtUnixNs,
            DurationNs = _lastEventAtNs - _startedAtNs,
            Octets = settings.Octets,
            Sent = _sent,
            SendFailed = _notSent,
            Received = _received,
            Late = _late,
            Waiting = CountWaiting(),
            Duplicates = _duplicatesThere + _duplicatesBack,
            Reordered = _reordered,
            Refused = _refused,
            IcmpErrors = _icmpErrors,
            Limited = _counts?.Limited,
            WithoutSample = _withoutSample,
            WithoutKernelStamp = _withoutKernelStamp,
            There = isWhole ? SummariseThere() : new DirectionSummary(_sent, null, null, null),
            Back = new DirectionSummary(
                isWhole ? _counts?.Answered ?? _answeredBeforeClosing : null, arrivedBack, _duplicatesBack,
                _highestReplyNumber is null ? null : _reorderedBack),
            RoundTrip = _delays.RoundTrip,
            Reflector = _delays.Reflector,
            Variation = _delays.Variation,
            VariationThere = _delays.VariationThere,
            VariationBack = _delays.VariationBack,
            JitterNs = _delays.JitterNs,
            DelayThere = _delays.There,
            DelayBack = _delays.Back,
            ClockErrorNs = _delays.ClockErrorNs,
            HopsThere = _hopsThere,
            HopsBack = _hopsBack,
        };
    }

    private void OnReplyInTime(ref Outstanding request, in ReplyFacts reply, in Arrival arrival, int octets)
    {
        _received++;
        RoundTripSample sample = RoundTripSample.Take(request, reply, arrival);
        (request.RoundTripNs, request.ThereNs, request.BackNs) = (sample.RoundTripNs, sample.ThereNs, sample.BackNs);
        LastRoundTripNs = sample.RoundTripNs ?? LastRoundTripNs;
        _withoutSample += sample.RoundTripNs is null ? 1 : 0;
        _withoutKernelStamp += sample.HasKernelStamps ? 0 : 1;
        (long? there, long? back) = _delays.Add(sample, OwnClockErrorNs + reply.ClockErrorNs);
        _hopsThere = settings.HopLimit is { } sent && reply.HopsThere is { } inferred ? HopCount.Correct(inferred, sent) : reply.HopsThere;
        _hopsBack = HopCount.Infer(arrival.HopLimit);
        _source = arrival.Destination;
        sink.OnReply(target, new ProbeReply(
            request.Index, octets, sample.SentAtUnixNs, sample.ReceivedAtUnixNs, sample.RoundTripNs, sample.ReflectorNs,
            there, back, _hopsThere, _hopsBack.Value, arrival.HopLimit));
        Decide(arrival.NowNs, giveUpFirst: false);
    }

    private void OnDuplicate(ref Outstanding request, in ReplyFacts reply)
    {
        // A reflector that numbers its replies and answered twice got the request twice.
        if (request.ReplyNumber is { } last && reply.ReplyNumber is { } further && further != last)
            _duplicatesThere++;
        else
            _duplicatesBack++;
        request.ReplyNumber = reply.ReplyNumber;
        sink.OnDuplicate(target, request.Index);
    }

    private void OnClosingReply(in ReplyFacts reply)
    {
        MergeCounts(reply.Counts);
        // Of several closing requests it is not known how many had arrived before the one that is answered.
        if (reply.Counts is null && reply.Index == NextIndex)
            _answeredBeforeClosing = reply.ReplyNumber;
        IsClosed = true;
    }

    private void MergeCounts(ReflectorCounts? counts)
    {
        if (counts is not { } told)
            return;
        // Replies can overtake each other; every count only rises.
        ReflectorCounts known = _counts ?? default;
        _counts = new ReflectorCounts(
            Math.Max(known.Accepted, told.Accepted), Math.Max(known.Limited, told.Limited),
            Math.Max(known.Duplicated, told.Duplicated), Math.Max(known.Reordered, told.Reordered));
    }

    private void CountOrder(in ReplyFacts reply)
    {
        if (reply.Index < _highestIndex)
            _reordered++;
        else
            _highestIndex = reply.Index;
        if (reply.ReplyNumber is not { } number)
            return;
        if (number < _highestReplyNumber)
            _reorderedBack++;
        else
            _highestReplyNumber = number;
    }

    private void Decide(long nowNs, bool giveUpFirst)
    {
        for (; _decided != NextIndex; _decided++, giveUpFirst = false)
        {
            ref Outstanding request = ref _requests[_decided];
            if (request.State == RequestState.Waiting)
            {
                if (!giveUpFirst && nowNs - request.SentAtNs < settings.TimeoutNs)
                    return;
                request.State = RequestState.Lost;
                _lastEventAtNs = nowNs;
                sink.OnLost(target, request.Index, request.SentAtUnixNs);
            }
            _delays.AddInOrder(request);
        }
    }

    private long CountWaiting()
    {
        long waiting = 0;
        for (uint index = _decided; index != NextIndex; index++)
            waiting += _requests[index].State == RequestState.Waiting ? 1 : 0;
        return waiting;
    }

    private DirectionSummary SummariseThere() => _counts is { } counts
        ? new DirectionSummary(_sent, counts.Accepted, counts.Duplicated, counts.Reordered)
        : new DirectionSummary(
            _sent, _answeredBeforeClosing - _duplicatesThere, _answeredBeforeClosing is null ? null : _duplicatesThere, null);
}
