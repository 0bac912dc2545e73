using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>
/// Round trips (RFC 8250 section 1.5; protocol reference, section 8, and docs/decisions/0003). Seen by A, of its
/// number n-1:
/// <code>
///      A                                B
///    n-1 ------------------------------->
///      :                                : DTLR_B(m)
///      &lt;------------------------------- m     PSNLR_B(m) = n-1
///      | DTLS_A(n) = all of this
///      n ------------------------------->      PSNLR_A(n) = m
///
///    round trip = DTLS_A(n) - DTLR_B(m)
/// </code>
/// B observes n and A observes m, and either report may come first.
/// </summary>
internal sealed class RoundTrips(PacketTable packets, IFlowSink sink, long maxErrorNs)
{
    /// <summary>Round trips whose error bound may be larger than the limit, if it is this small a part of them.</summary>
    private const int TolerableErrorPart = 32;

    /// <summary>Takes a newly observed number in both parts that it can play.</summary>
    public void Observe(Direction direction, int index)
    {
        if (direction.Reverse is not { } reverse)
            return;
        ref PacketSlot packet = ref packets[index];
        if (packet.Has(PacketMarks.HasRoundTripNamer))
        {
            packet.Marks &= ~PacketMarks.HasRoundTripNamer;
            int next = packets.FindObserved(reverse, packet.RoundTripNamer);
            if (next >= 0)
                Time(reverse, packets[next], packet);
        }
        if (packet.DeltaTimeLastSent.IsZero)
            return;

        int found = packets.Find(reverse, packet.Psnlr);
        if (found >= 0 && packets[found].Has(PacketMarks.Observed))
        {
            Time(direction, packet, packets[found]);
            return;
        }
        uint namer = packet.Psntp;
        ref PacketSlot answer = ref packets[found >= 0 ? found : packets.Add(reverse, packet.Psnlr)];
        answer.Marks |= PacketMarks.HasRoundTripNamer;
        answer.RoundTripNamer = namer;
    }

    /// <summary>Remembers an accepted packet of <paramref name="direction"/> that its observer's flow could end
    /// with.</summary>
    public static void ConsiderClosing(Direction direction, in MeasuredPacket packet)
    {
        if (packet.IsSilent || !packet.HasSent || packet.Metrics.Psnlr != packet.LastSentPsntp)
            return;
        if (direction.Closing is { } known && Series.IsBehind(packet.Psntp, known.Psntp))
            return;
        direction.Closing = new ClosingExchange(packet.Psntp, packet.LastSentPsntp, packet.SinceSentNs,
            packet.Metrics.DeltaTimeLastReceived, packet.ObservedAtNs);
    }

    /// <summary>The silent flow's last exchange: the round trip that the observer's next packet would have told.</summary>
    public void Close(Direction direction, ulong nowNs)
    {
        if (direction.Closing is not { } closing || direction.Reverse is not { } seer)
            return;
        direction.Closing = null;
        if (seer.LastTimed is { } last && (closing.TimedPsntp == last || Series.IsBehind(closing.TimedPsntp, last)))
            return;
        if (closing.SinceSentNs > long.MaxValue || WasAcceptedAgain(seer, closing.TimedPsntp))
            return;
        if (Tell(seer, closing.TimedPsntp, (long)closing.SinceSentNs, 1, closing.DeltaTimeLastReceived,
            closing.ObservedAtNs, isClosing: true, nowNs))
            seer.ClosedNumbers.Add(closing.TimedPsntp);
    }

    /// <summary>Takes the two packets that may tell a round trip.</summary>
    /// <param name="seer">The flow whose source saw it.</param>
    /// <param name="later">Of that flow, the packet sent after the answer came.</param>
    /// <param name="answer">The answer.</param>
    public void Time(Direction seer, in PacketSlot later, in PacketSlot answer)
    {
        uint timed = later.Psntp - 1;
        if (later.Psnlr != answer.Psntp || answer.Psnlr != timed || answer.IsSilent
            || seer.ClosedNumbers.Contains(timed) || WasAcceptedAgain(seer, timed))
            return;
        Tell(seer, timed, later.DeltaTimeLastSent.ToNanoseconds(), later.DeltaTimeLastSent.UncertaintyNanoseconds(),
            answer.DeltaTimeLastReceived, later.ObservedAtNs, isClosing: false, seer.Conversation.LastAtNs);
    }

    private bool WasAcceptedAgain(Direction direction, uint psntp)
    {
        if (!packets.HasAcceptedAgain)
            return false;
        int index = packets.Find(direction, psntp);
        return index >= 0 && packets[index].Has(PacketMarks.AcceptedAgain);
    }

    private bool Tell(Direction seer, uint timed, long sinceSentNs, long sinceSentErrorNs, PdmTime turnaround,
        ulong observedAtNs, bool isClosing, ulong nowNs)
    {
        long roundTripNs = sinceSentNs - turnaround.ToNanoseconds();
        ulong error = (ulong)sinceSentErrorNs + (ulong)turnaround.UncertaintyNanoseconds();
        if (roundTripNs <= 0 || error > (ulong)Math.Max(maxErrorNs, roundTripNs / TolerableErrorPart))
            return false;
        sink.OnRoundTrip(seer.Flow, seer.Conversation.Tag, timed, roundTripNs, (long)error, observedAtNs, isClosing);
        seer.Variation.Add(seer, timed, roundTripNs, observedAtNs, nowNs, sink);
        if (seer.LastTimed is not { } last || !Series.IsBehind(timed, last))
            seer.LastTimed = timed;
        return true;
    }
}
