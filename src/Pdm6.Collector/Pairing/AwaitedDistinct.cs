using System.Runtime.InteropServices;
using Pdm6.Measurement;

namespace Pdm6.Collector.Pairing;

/// <summary>
/// Distinct packets of one sender's context that wait for a report of that sender to be compared with, in slots of
/// 50 ms of their observation. Bounded by the pairs that talk and the few seconds that packets wait.
/// </summary>
internal sealed class AwaitedDistinct
{
    private const ulong SlotNs = 50_000_000;

    private readonly SortedDictionary<ulong, Dictionary<PairLossKey, int>> _slots = [];
    private ulong _lastSlot = ulong.MaxValue;
    private Dictionary<PairLossKey, int> _last = [];

    public void Add(in PairLossKey key, ulong observedAtNs)
    {
        ulong slot = observedAtNs / SlotNs;
        if (slot != _lastSlot)
        {
            if (!_slots.TryGetValue(slot, out Dictionary<PairLossKey, int>? found))
                _slots[slot] = found = [];
            (_lastSlot, _last) = (slot, found);
        }
        CollectionsMarshal.GetValueRefOrAddDefault(_last, key, out _)++;
    }

    /// <summary>Counts in the table, and forgets, what was observed until an instant.</summary>
    public void CountUntil(ulong observedAtNs, PairLossTable table)
    {
        while (_slots.Count > 0 && _slots.First() is var (slot, packets) && slot * SlotNs <= observedAtNs)
        {
            foreach ((PairLossKey key, int count) in packets)
                for (int i = 0; i < count; i++)
                    table.CountDistinct(key);
            _slots.Remove(slot);
            _lastSlot = ulong.MaxValue;
        }
    }
}
