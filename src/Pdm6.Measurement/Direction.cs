using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>One flow of a <see cref="Conversation"/>.</summary>
internal sealed class Direction
{
    private FlowKey _flow;
    private uint _generation;
    private Series _current;
    /// <summary>The series before: stragglers of a context that was just replaced belong here.</summary>
    private Series _previous;

    public Direction(Conversation conversation, int handle)
    {
        Conversation = conversation;
        Handle = handle;
    }

    public Conversation Conversation { get; }
    /// <summary>The place among all directions, which are recycled with their conversations.</summary>
    public int Handle { get; }
    public SlottedNumbers Slotted;
    /// <summary>The place and how often it was given out: another number for every flow that it serves.</summary>
    public ulong Id => (ulong)_generation << 32 | (uint)Handle;
    public ref readonly FlowKey Flow => ref _flow;
    /// <summary>The opposite flow; null if there is none.</summary>
    public Direction? Reverse { get; set; }

    /// <summary>A packet that had heard nothing from the other side was observed: this side spoke first.</summary>
    public bool SpokeUnasked { get; set; }

    /// <summary>The series began not long ago, so its first packet may not have been observed yet.</summary>
    public bool IsFirstUnsettled { get; set; }
    public ulong SeriesBeganAtNs { get; private set; }
    /// <summary>Since when something waits for stragglers here.</summary>
    public ulong WaitingSinceNs => Math.Min(IsFirstUnsettled ? SeriesBeganAtNs : ulong.MaxValue, Variation.HeldSinceNs);
    public uint FirstPsntp => _current.Lowest;

    public ClosingExchange? Closing { get; set; }
    /// <summary>Numbers of this flow whose round trip was taken from a closing exchange.</summary>
    public RecentNumbers ClosedNumbers;
    /// <summary>The highest number of this flow whose round trip was taken.</summary>
    public uint? LastTimed { get; set; }
    public Variation Variation;

    /// <summary>The handle of the direction that an <see cref="Id"/> is or was of.</summary>
    public static int HandleOf(ulong id) => (int)(uint)id;

    /// <summary>Nobody is to take this for the flow any more.</summary>
    public void Retire() => _generation++;

    /// <summary>Reads here and there what a packet will ask for; see <see cref="FlowPlace.Fetch"/>.</summary>
    public ulong Fetch() =>
        _generation + _flow.DestinationPort + _current.Lowest + _previous.Lowest + Slotted.Fetch() + Variation.Fetch() + SeriesBeganAtNs
        + (LastTimed ?? 0) + (Closing?.Psntp ?? 0);

    public void Reset(in FlowKey flow)
    {
        Retire();
        (_flow, Reverse) = (flow, null);
        (_current, _previous) = (default, default);
        SpokeUnasked = IsFirstUnsettled = false;
        SeriesBeganAtNs = 0;
        (Closing, LastTimed) = (null, null);
        ClosedNumbers = default;
        Slotted = default;
        Variation.Reset();
    }

    /// <summary>True if a number that is not remembered begins a new series.</summary>
    public bool IsBegunBy(in MeasuredPacket packet) =>
        !_current.Holds(packet.Context, packet.EpochIndex, packet.Psntp) && !_previous.Holds(packet.Context, packet.EpochIndex, packet.Psntp);

    /// <summary>True if the packet's number follows the highest of its flow: nobody named it yet, and none is missing.</summary>
    public bool IsNext(in MeasuredPacket packet) =>
        _current.IsNext(packet.Context, packet.EpochIndex, packet.Psntp) && Slotted.IsNext(packet.Psntp);

    /// <summary>As <see cref="Enter"/> for a packet that <see cref="IsNext"/>.</summary>
    public void EnterNext() => _current.EnterNext();

    /// <summary>Finds the place of a number that is not remembered, in a series or at the start of one.</summary>
    public PacketClass Enter(in MeasuredPacket packet, ulong nowNs, out bool beganSeries, out int lostChange)
    {
        beganSeries = false;
        if (!_current.Holds(packet.Context, packet.EpochIndex, packet.Psntp))
        {
            if (!_previous.Holds(packet.Context, packet.EpochIndex, packet.Psntp))
            {
                _previous = _current;
                _current = Series.Begin(packet.Context, packet.EpochIndex, packet.Psntp);
                (SeriesBeganAtNs, IsFirstUnsettled) = (nowNs, true);
                (beganSeries, lostChange) = (true, 0);
                return PacketClass.First;
            }
            if (_previous.Ahead(packet.Psntp) <= 0)
                return _previous.Enter(packet.EpochIndex, packet.Psntp, out lostChange);
            // What looked like a new series was a stray: the flow goes on where it was.
            (_current, _previous) = (_previous, _current);
        }
        return _current.Enter(packet.EpochIndex, packet.Psntp, out lostChange);
    }

    public void ForgetNumber(UInt128 context, long epochIndex, uint psntp)
    {
        if (_current.Holds(context, epochIndex, psntp))
            _current.Forget(psntp);
        else if (_previous.Holds(context, epochIndex, psntp))
            _previous.Forget(psntp);
    }
}
