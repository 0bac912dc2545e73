using System.Runtime.CompilerServices;

namespace Pdm6.Measurement;

/// <summary>
/// Turns observed packets of both directions into round trips, turnarounds, variation and counts (RFC 8250 section 1.5,
/// RFC 7680, RFC 5560, RFC 4737, RFC 3393). Reads no clock: every call says what time it is. Memory is bounded
/// whatever the numbers say. Single-threaded.
/// </summary>
public sealed class FlowMeter
{
    private readonly IFlowSink _sink;
    private readonly MeasurementOptions _options;
    private readonly ConversationTable _conversations;
    private readonly PacketTable _packets;
    private readonly RoundTrips _roundTrips;
    private readonly Turnarounds _turnarounds;
    private readonly NextPackets? _next;
    private ulong _nowNs;

    /// <summary>Makes a meter that tells <paramref name="sink"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options that bound nothing.</exception>
    public FlowMeter(IMeasurementSink sink, MeasurementOptions? options = null) : this(TellerOf(sink), options)
    {
    }

    /// <summary>Makes a meter that tells <paramref name="sink"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options that bound nothing.</exception>
    public FlowMeter(IFlowSink sink, MeasurementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _options = options ?? new MeasurementOptions();
        _options.Validate();
        _conversations = new ConversationTable(_options.MaxFlows);
        _packets = new PacketTable(_options.MaxPackets, _conversations.Directions);
        _roundTrips = new RoundTrips(_packets, sink, _options.MaxRoundTripErrorNs);
        _turnarounds = new Turnarounds(_packets, sink, _options.IdleCloseNs);
        _next = _options.HasShortWay ? new NextPackets(_packets, _turnarounds, _roundTrips, sink) : null;
    }

    /// <summary>Conversations remembered: a flow and its reverse are one.</summary>
    public int ConversationCount => _conversations.Count;

    /// <summary>Conversations that had to be forgotten early because there were too many.</summary>
    public ulong ForgottenEarly { get; private set; }

    /// <summary>
    /// Takes one observed packet. Each observer's packets are given in the order in which it saw them; the streams of
    /// two observers may interleave in any way.
    /// </summary>
    /// <param name="packet">The packet.</param>
    /// <param name="nowNs">The caller's time, for idleness only: a live clock, or the packet's own time in a replay.
    /// A time before an earlier one is taken as the earlier one, of the same conversation with
    /// <see cref="MeasurementOptions.HasTimePerConversation"/>.</param>
    public void Add(in MeasuredPacket packet, ulong nowNs)
    {
        FlowPlace unknown = default;
        Add(packet, nowNs, ref unknown);
    }

    /// <summary>The same for who keeps the place of each flow.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="nowNs">The caller's time.</param>
    /// <param name="place">Of the packet's flow in this meter.</param>
    // Not inlined: a packet that the caller just put together would be copied first, and the copy waits for its writes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(in MeasuredPacket packet, ulong nowNs, ref FlowPlace place)
    {
        if (_options.HasTimePerConversation)
            _nowNs = nowNs;
        else
            Advance(nowNs);
        Direction direction = Meet(packet, ref place);
        if (_next is { } next && next.TryAdd(direction, packet))
            return;
        int index = _packets.Find(direction, packet.Psntp);
        if (index >= 0 && _packets[index].IsNumberOf(packet))
            AddCopy(direction, ref _packets[index], packet);
        else
            AddNumber(direction, index, packet);
    }

    /// <summary>As <see cref="FlowPlace.Fetch"/>, what is known of the flow's last numbers, and the place of the next.</summary>
    /// <param name="place">Of a flow in this meter.</param>
    /// <returns>Of no meaning; who throws it away throws the reading away.</returns>
    public ulong FetchNumbers(in FlowPlace place) => place.Direction is { } direction ? _packets.Fetch(direction) : 0;

    /// <summary>Closes and forgets what has been silent long enough. To be called while no packets come.</summary>
    public void Advance(ulong nowNs)
    {
        _nowNs = Math.Max(_nowNs, nowNs);
        while (_conversations.OldestOpen is { } open && _nowNs - open.LastAtNs >= _options.IdleCloseNs)
            Close(open);
        while (_conversations.OldestClosed is { } closed && _nowNs - closed.LastAtNs >= _options.ForgetAfterNs)
            _conversations.Forget(closed);
    }

    /// <summary>Closes every conversation, as if all had fallen silent. None is forgotten.</summary>
    public void Flush()
    {
        while (_conversations.OldestOpen is { } open)
            Close(open);
    }

    private static SampleTeller TellerOf(IMeasurementSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return new SampleTeller(sink);
    }

    private Direction Meet(in MeasuredPacket packet, ref FlowPlace place)
    {
        Direction? direction = place.Direction;
        bool isKnown = direction is not null || _conversations.TryGet(packet.FlowInPlace, out direction);
        if (!isKnown)
        {
            if (_conversations.IsFull)
                MakeRoom();
            direction = _conversations.Add(packet.FlowInPlace, _nowNs);
        }
        if (place.Direction is null)
            place.Learn(direction!);
        Conversation conversation = direction!.Conversation;
        if (isKnown && _options.HasTimePerConversation)
        {
            _nowNs = Math.Max(_nowNs, conversation.LastAtNs);
            if (_nowNs - conversation.LastAtNs >= _options.IdleCloseNs && !_conversations.IsClosed(conversation))
                Close(conversation);
        }
        _conversations.Touch(conversation, _nowNs);
        if (packet.Tag != 0)
            conversation.Tag = packet.Tag;
        if (_nowNs >= conversation.SettleAtNs)
            Settle(conversation);
        return direction;
    }

    private void AddCopy(Direction direction, ref PacketSlot known, in MeasuredPacket packet)
    {
        Tell(direction, packet, known.IsSamePacketAs(packet) ? PacketClass.Duplicate : PacketClass.Ambiguous, false, 0);
        if (!packet.Accepted)
            return;
        if (known.Has(PacketMarks.Accepted))
        {
            known.Marks |= PacketMarks.AcceptedAgain;
            _packets.HasAcceptedAgain = true;
            return;
        }
        known.Marks |= PacketMarks.Accepted;
        RoundTrips.ConsiderClosing(direction, packet);
    }

    /// <param name="direction">The direction.</param>
    /// <param name="index">The slot of the number if there is one: somebody named it, or another packet had it; else -1.</param>
    /// <param name="packet">The packet.</param>
    private void AddNumber(Direction direction, int index, in MeasuredPacket packet)
    {
        // A series that ends while its first packet is awaited had none before the one that came.
        if (direction.IsFirstUnsettled && direction.IsBegunBy(packet))
            _turnarounds.SettleFirst(direction);
        PacketClass found = direction.Enter(packet, _nowNs, out bool beganSeries, out int lostChange);
        Tell(direction, packet, found, beganSeries, lostChange);
        if (found == PacketClass.Late)
            return;

        if (index < 0)
            index = _packets.Add(direction, packet.Psntp);
        ref PacketSlot slot = ref _packets[index];
        slot.Fill(packet);
        direction.SpokeUnasked |= slot.IsSilent;
        if (packet.Accepted)
            RoundTrips.ConsiderClosing(direction, packet);
        int given = _packets.Given;
        _turnarounds.Observe(direction, index);
        // Making room for another number may have taken the slot, if it had been waiting here for long.
        if (_packets.Given != given)
            index = _packets.FindObserved(direction, packet.Psntp);
        if (index >= 0)
            _roundTrips.Observe(direction, index);
    }

    private void Tell(Direction direction, in MeasuredPacket packet, PacketClass found, bool beganSeries, int lostChange) =>
        _sink.OnPacket(packet, direction.Conversation.Tag, found, beganSeries, lostChange);

    /// <summary>Does what was waiting for stragglers, once they had their time.</summary>
    private void Settle(Conversation conversation)
    {
        if (_nowNs < _options.IdleCloseNs)
            return;
        ulong untilNs = _nowNs - _options.IdleCloseNs;
        Settle(conversation, conversation.One, untilNs);
        Settle(conversation, conversation.Other, untilNs);
        // What begins to wait from now on waits from now on.
        ulong waitingSinceNs = Math.Min(_nowNs, Math.Min(conversation.One.WaitingSinceNs, conversation.Other.WaitingSinceNs));
        if (conversation.HeldTurnarounds.Count > 0)
            waitingSinceNs = Math.Min(waitingSinceNs, conversation.BornAtNs);
        conversation.SettleAtNs = waitingSinceNs + _options.IdleCloseNs;
    }

    private void Settle(Conversation conversation, Direction direction, ulong untilNs)
    {
        if (direction.IsFirstUnsettled && direction.SeriesBeganAtNs <= untilNs)
            _turnarounds.SettleFirst(direction);
        if (conversation.HeldTurnarounds.Count > 0 && conversation.BornAtNs <= untilNs)
            _turnarounds.TellHeld(conversation);
        direction.Variation.Release(direction, untilNs, _sink);
    }

    private void Close(Conversation conversation)
    {
        Close(conversation, conversation.One);
        Close(conversation, conversation.Other);
        if (conversation.HeldTurnarounds.Count > 0)
            _turnarounds.TellHeld(conversation);
        _conversations.Close(conversation);
    }

    private void Close(Conversation conversation, Direction direction)
    {
        if (direction.IsFirstUnsettled)
            _turnarounds.SettleFirst(direction);
        _roundTrips.Close(direction, conversation.LastAtNs);
        if (direction.Reverse is { } reverse)
            reverse.Variation.Release(reverse, ulong.MaxValue, _sink);
    }

    private void MakeRoom()
    {
        Conversation oldest = _conversations.OldestClosed ?? _conversations.OldestOpen!;
        if (oldest == _conversations.OldestOpen)
            Close(oldest);
        _conversations.Forget(oldest);
        ForgottenEarly++;
    }
}
