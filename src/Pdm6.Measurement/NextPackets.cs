namespace Pdm6.Measurement;

/// <summary>
/// The short way of what almost every packet is: the next of its flow, and the first that its sender sent after a packet of
/// the other side came, which is remembered. Does what the long way does, in the same order, without the questions whose
/// answers are known here.
/// </summary>
internal sealed class NextPackets(PacketTable packets, Turnarounds turnarounds, RoundTrips roundTrips, IFlowSink sink)
{
    /// <summary>Takes a packet; false, with nothing done, if it has to go the long way.</summary>
    public bool TryAdd(Direction direction, in MeasuredPacket packet)
    {
        if (packet.Metrics.DeltaTimeLastSent.IsZero || packet.IsSilent || !direction.IsNext(packet)
            || direction.Reverse is not { } reverse)
            return false;
        int named = packets.FindObserved(reverse, packet.Metrics.Psnlr);
        // Room for this packet's number would be made where the other packet is.
        if (named < 0 || named == packets.Upcoming)
            return false;

        direction.EnterNext();
        sink.OnPacket(packet, direction.Conversation.Tag, PacketClass.First, beganSeries: false, lostChange: 0);
        int index = packets.Add(direction, packet.Psntp);
        ref PacketSlot slot = ref packets[index];
        slot.Fill(packet);
        slot.Marks |= PacketMarks.FirstAfterReception | PacketMarks.NothingSaidBefore;
        if (packet.Accepted)
            RoundTrips.ConsiderClosing(direction, packet);
        ref PacketSlot other = ref packets[named];
        turnarounds.ObserveAnswer(direction, slot, other);
        roundTrips.Time(direction, slot, other);
        return true;
    }
}
