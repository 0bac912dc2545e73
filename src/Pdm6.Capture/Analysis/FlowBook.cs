using System.Diagnostics.CodeAnalysis;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>The flows of a capture.</summary>
internal sealed class FlowBook(int capacity)
{
    private readonly Dictionary<FlowKey, FlowRecord> _byFlow = new(new FlowComparer());
    private readonly List<FlowRecord> _all = [];
    /// <summary>By tag: one direction, and the other if it came.</summary>
    private readonly List<(FlowRecord One, FlowRecord? Other)> _pairs = [default];
    private FlowRecord? _last, _lastReverse;

    /// <summary>The flows in the order in which they came.</summary>
    public IReadOnlyList<FlowRecord> InOrder => [.. _all.OrderBy(record => record.FirstPacket)];

    /// <summary>Packets of flows for which there was no room.</summary>
    public long PacketsLeftOut { get; private set; }

    /// <summary>The record of a flow; false if there is none and no room for one.</summary>
    /// <param name="seen">A packet of the flow.</param>
    /// <param name="packet">The how manieth packet of the capture it is.</param>
    /// <param name="record">The record.</param>
    public bool TryMeet(in QueuedPacket seen, long packet, [NotNullWhen(true)] out FlowRecord? record)
    {
        // Packets of a conversation come in runs, those of its two directions by turns.
        record = _last;
        if (record is not null && seen.IsOf(record.Flow))
            return true;
        record = _lastReverse;
        if (record is not null && seen.IsOf(record.Flow))
            return true;
        FlowKey flow = seen.Flow;
        if (!_byFlow.TryGetValue(flow, out record))
        {
            if (_all.Count >= capacity)
            {
                PacketsLeftOut++;
                return false;
            }
            record = Add(flow, packet);
        }
        (_last, _lastReverse) = (record, ReverseOf(record));
        return true;
    }

    /// <summary>The record of one direction of a pair that was met.</summary>
    public FlowRecord Of(int tag, in FlowKey flow)
    {
        (FlowRecord one, FlowRecord? other) = _pairs[tag];
        return other is null || one.Flow == flow ? one : other;
    }

    /// <summary>The record of the opposite direction, if it was met.</summary>
    public FlowRecord? ReverseOf(FlowRecord record)
    {
        (FlowRecord one, FlowRecord? other) = _pairs[record.Tag];
        return one == record ? other : one;
    }

    private FlowRecord Add(in FlowKey flow, long packet)
    {
        FlowRecord record;
        if (flow.TryReverse(out FlowKey reverse) && reverse != flow && _byFlow.TryGetValue(reverse, out FlowRecord? opposite))
        {
            record = new FlowRecord(flow, opposite.Tag, packet);
            _pairs[opposite.Tag] = (opposite, record);
        }
        else
        {
            record = new FlowRecord(flow, _pairs.Count, packet);
            _pairs.Add((record, null));
        }
        _byFlow.Add(flow, record);
        _all.Add(record);
        return record;
    }
}
