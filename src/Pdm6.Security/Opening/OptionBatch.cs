using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>
/// Options that wait to be opened together. Their keys lie scattered over memory; asking for all of them before using
/// the first lets the memory answer at once instead of one after the other.
/// </summary>
internal sealed class OptionBatch
{
    /// <summary>How many wait at most: enough to hide the memory's delay, few enough to stay in the first cache.</summary>
    public const int Capacity = 32;

    private readonly Item[] _items = new Item[Capacity];

    internal struct Item
    {
        public int Index; // of the observation
        public OpenerContext Context;
        public long EpochIndex;
        public SessionId Session;
        public uint Hash;
        public uint Psntp;
        public bool Repeats; // the session of the item before: packets of a pair come in runs
    }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public ReadOnlySpan<Item> Items => _items.AsSpan(0, Count);

    public void Add(
        int index, OpenerContext context, long epochIndex, in FlowKey flow, ushort epoch, uint psntp,
        SessionKeys keys)
    {
        ref Item item = ref _items[Count];
        item.Index = index;
        item.Context = context;
        item.EpochIndex = epochIndex;
        item.Session = new SessionId(context.Ordinal, epoch, flow.Source, flow.Destination);
        item.Psntp = psntp;
        item.Repeats = Count > 0 && item.Session == _items[Count - 1].Session;
        Count++;
        if (item.Repeats)
        {
            item.Hash = _items[Count - 2].Hash;
            return;
        }
        item.Hash = SessionKeys.HashOf(item.Session);
        keys.PrefetchIndex(item.Hash);
    }

    public void Clear() => Count = 0;
}
