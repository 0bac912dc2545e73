using Pdm6.Datapath.Abi;

namespace Pdm6.Datapath;

/// <summary>
/// Options of one epoch that were sealed with prepared numbers: such packets do not meet their pair's counters and are
/// counted in their flow's lane. Thread-safe.
/// </summary>
internal sealed unsafe class LaneCounts
{
    private readonly Lock _lock = new();
    private readonly List<(AddressPair Pair, nint Lane)> _lanes = [];
    private readonly Dictionary<AddressPair, ulong[]> _ended = [];

    /// <summary>A lane that was erased, or is new, is a flow's of this pair now.</summary>
    internal void Begin(AddressPair pair, AbiLane* lane)
    {
        lock (_lock)
            _lanes.Add((pair, (nint)lane));
    }

    /// <summary>No packet takes from the lane any more: what was counted is kept here.</summary>
    internal void End(AddressPair pair, AbiLane* lane)
    {
        lock (_lock)
            if (_lanes.Remove((pair, (nint)lane)))
            {
                if (!_ended.TryGetValue(pair, out ulong[]? sums))
                    _ended.Add(pair, sums = new ulong[AbiLimits.MaxRules]);
                Add(lane, sums);
            }
    }

    /// <summary>Adds up the options of a pair, by rule.</summary>
    internal void AddTo(AddressPair pair, Span<ulong> sums)
    {
        lock (_lock)
        {
            if (_ended.TryGetValue(pair, out ulong[]? ended))
                for (int rule = 0; rule < sums.Length; rule++)
                    sums[rule] += ended[rule];
            foreach ((AddressPair owner, nint lane) in _lanes)
                if (owner == pair)
                    Add((AbiLane*)lane, sums);
        }
    }

    private static void Add(AbiLane* lane, Span<ulong> sums)
    {
        for (int rule = 0; rule < sums.Length; rule++)
            sums[rule] += Volatile.Read(ref lane->Sealed[rule]);
    }
}
