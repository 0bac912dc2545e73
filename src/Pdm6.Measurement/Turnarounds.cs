namespace Pdm6.Measurement;

/// <summary>
/// Turnarounds (protocol reference, section 8) and, among them, server delay (docs/decisions/0004): DTLR of the first
/// packet with payload that names an observed packet with payload.
/// <code>
///      A                                B
///      p (payload) --------------------->
///      &lt;------------------------------- n-1 (no payload: acknowledges p)     a turnaround of another kind
///      &lt;------------------------------- n   (payload) DTLR_B(n) = server delay
/// </code>
/// That nothing with payload came between p and n must be certain. It is when DTLS_B(n) is not 0; when n-1 was observed
/// and says so; and for the first packet of a series that answers a p which had heard nothing.
/// </summary>
internal sealed class Turnarounds(PacketTable packets, IFlowSink sink, ulong settleNs)
{
    /// <summary>Takes a newly observed number: as an answer, as what others answer, and as the packet before its
    /// successor.</summary>
    public void Observe(Direction direction, int index)
    {
        ref PacketSlot packet = ref packets[index];
        uint psntp = packet.Psntp;
        bool isAwaited = packet.Has(PacketMarks.HasAnswerNamer);
        packet.Marks &= ~PacketMarks.HasAnswerNamer;
        uint answerPsntp = packet.AnswerNamer;

        Judge(direction, index);
        JudgeSuccessors(direction, psntp);
        if (!isAwaited || direction.Reverse is not { } reverse)
            return;
        int answer = packets.FindObserved(reverse, answerPsntp);
        int request = packets.FindObserved(direction, psntp);
        if (answer >= 0 && request >= 0)
            Answer(reverse, answer, packets[request]);
    }

    /// <summary>Takes a newly observed packet that <see cref="PacketMarks.NothingSaidBefore"/> holds for, and the packet that it
    /// names: what <see cref="Observe"/> finds out for itself.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="answer">The packet.</param>
    /// <param name="request">The packet of the other direction that it names.</param>
    public void ObserveAnswer(Direction direction, in PacketSlot answer, in PacketSlot request)
    {
        if (answer.PayloadLength == 0)
            Tell(direction, answer, TurnaroundKind.Other);
        else if (!request.Has(PacketMarks.AcceptedAgain))
            TellTurnaround(direction, answer, request);
    }

    /// <summary>The first packet of the series is by now the first there was.</summary>
    public void SettleFirst(Direction direction)
    {
        direction.IsFirstUnsettled = false;
        int index = packets.FindObserved(direction, direction.FirstPsntp);
        if (index >= 0 && !packets[index].Has(PacketMarks.NothingSaidBefore) && !packets[index].IsSilent)
            FindRequest(direction, index);
    }

    /// <summary>Decides who the server is, and tells what waited for it.</summary>
    public void TellHeld(Conversation conversation)
    {
        conversation.DecideResponder();
        for (int i = 0; i < conversation.HeldTurnarounds.Count; i++)
        {
            HeldTurnaround held = conversation.HeldTurnarounds[i];
            Direction direction = held.IsOfOne ? conversation.One : conversation.Other;
            sink.OnTurnaround(direction.Flow, conversation.Tag, conversation.KindOf(direction),
                held.Psntp, held.TurnaroundNs, held.ErrorBoundNs, held.ObservedAtNs);
        }
        conversation.HeldTurnarounds.Clear();
    }

    /// <summary>Looks for the evidence that a packet brings itself, or its predecessor. False if there is none, or
    /// none was needed.</summary>
    private bool Judge(Direction direction, int index)
    {
        ref PacketSlot packet = ref packets[index];
        if (packet.IsSilent || packet.Has(PacketMarks.NothingSaidBefore))
            return false;
        bool isFirst = !packet.DeltaTimeLastSent.IsZero;
        bool saidNothing = isFirst;
        int before = isFirst ? -1 : packets.FindObserved(direction, packet.Psntp - 1);
        if (before >= 0)
        {
            ref PacketSlot predecessor = ref packets[before];
            isFirst = !packet.NamesSameAs(predecessor);
            saidNothing = isFirst
                || (predecessor.PayloadLength == 0 && predecessor.Has(PacketMarks.NothingSaidBefore));
        }
        if (!saidNothing)
            return false;
        packet.Marks |= isFirst
            ? PacketMarks.FirstAfterReception | PacketMarks.NothingSaidBefore
            : PacketMarks.NothingSaidBefore;
        TellJudged(direction, index);
        return true;
    }

    /// <summary>What became known of a number may be the evidence that its successors lacked.</summary>
    private void JudgeSuccessors(Direction direction, uint psntp)
    {
        int next;
        while ((next = packets.FindObserved(direction, ++psntp)) >= 0)
        {
            bool isLastInDoubt = packets[next].PayloadLength > 0;
            if (!Judge(direction, next) || isLastInDoubt)
                return;
        }
    }

    private void TellJudged(Direction direction, int index)
    {
        ref PacketSlot packet = ref packets[index];
        if (packet.PayloadLength > 0)
            FindRequest(direction, index);
        else if (packet.Has(PacketMarks.FirstAfterReception))
            Tell(direction, packet, TurnaroundKind.Other);
    }

    private void FindRequest(Direction direction, int index)
    {
        if (direction.Reverse is not { } reverse)
            return;
        uint psntp = packets[index].Psntp;
        int request = packets.FindOrAdd(reverse, packets[index].Psnlr);
        if (packets[request].Has(PacketMarks.Observed))
        {
            Answer(direction, index, packets[request]);
            return;
        }
        packets[request].Marks |= PacketMarks.HasAnswerNamer;
        packets[request].AnswerNamer = psntp;
    }

    /// <summary>Both the answer and what it names are known.</summary>
    private void Answer(Direction direction, int index, in PacketSlot request)
    {
        ref PacketSlot answer = ref packets[index];
        if (answer.Psnlr != request.Psntp || request.Has(PacketMarks.AcceptedAgain))
            return;
        if (!answer.Has(PacketMarks.NothingSaidBefore))
        {
            // The first of its series, whose predecessor will not come. Section 8: a turnaround if p had heard nothing.
            if (!request.IsSilent)
                return;
            answer.Marks |= PacketMarks.FirstAfterReception | PacketMarks.NothingSaidBefore;
            uint psntp = answer.Psntp;
            if (answer.PayloadLength == 0)
            {
                Tell(direction, answer, TurnaroundKind.Other);
                JudgeSuccessors(direction, psntp);
                return;
            }
        }
        TellTurnaround(direction, answer, request);
    }

    private void TellTurnaround(Direction direction, in PacketSlot answer, in PacketSlot request)
    {
        if (request.PayloadLength > 0)
            TellOrHold(direction, answer);
        else if (answer.Has(PacketMarks.FirstAfterReception))
            Tell(direction, answer, TurnaroundKind.Other);
    }

    private void TellOrHold(Direction direction, in PacketSlot answer)
    {
        Conversation conversation = direction.Conversation;
        if (conversation.Responder == Responder.Undecided)
        {
            conversation.HeldTurnarounds.Add(new HeldTurnaround(direction == conversation.One, answer.Psntp,
                answer.DeltaTimeLastReceived.ToNanoseconds(), answer.DeltaTimeLastReceived.UncertaintyNanoseconds(),
                answer.ObservedAtNs));
            if (conversation.HeldTurnarounds.IsFull || conversation.LastAtNs - conversation.BornAtNs >= settleNs)
                TellHeld(conversation);
            return;
        }
        Tell(direction, answer, conversation.KindOf(direction));
    }

    private void Tell(Direction direction, in PacketSlot packet, TurnaroundKind kind) =>
        sink.OnTurnaround(direction.Flow, direction.Conversation.Tag, kind, packet.Psntp,
            packet.DeltaTimeLastReceived.ToNanoseconds(), packet.DeltaTimeLastReceived.UncertaintyNanoseconds(),
            packet.ObservedAtNs);
}
