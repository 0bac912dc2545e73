using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>
/// Options that wait to be opened together. Their keys lie scattered over memory; asking for all of them before using
/// the first lets the memory answer at once instead of one after the other.
/// </summary>
internal sealed class OptionBatch
{
    /// <summary>How many wait at most: enough to ask for several keys at the same time where
    /// packets of a pair come in runs, few enough to stay near.</summary>
    public const int Capacity = 128;

    private readonly Item[] _items = new Item[Capacity];
    private readonly int[] _slots = new int[Capacity];
    private readonly ShortAesGcm[] _keys = new ShortAesGcm[Capacity];

    internal struct Item
    {
        public int Index; // of the observation
        public OpenerContext Context;
        public long EpochIndex;
        public SessionId Session;
        public uint Hash;
        public uint Psntp;
        public int SameAs; // an earlier item of the same session, or -1
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
        item.SameAs = EarlierOf(item.Session);
        Count++;
        if (item.SameAs >= 0)
            return;
        item.Hash = SessionKeys.HashOf(item.Session);
        keys.PrefetchIndex(item.Hash);
    }

    /// <summary>Finds the key of every item; a key may be displaced by a later one's.</summary>
    public void FindKeys(SessionKeys keys)
    {
        foreach (ref readonly Item item in Items)
            if (item.SameAs < 0)
                keys.PrefetchSecret(item.Hash);
        for (int i = 0; i < Count; i++)
        {
            ref readonly Item item = ref _items[i];
            if (item.SameAs >= 0)
            {
                (_slots[i], _keys[i]) = (_slots[item.SameAs], _keys[item.SameAs]);
                continue;
            }
            _slots[i] = keys.Slot(item.Context, item.Session, item.Hash);
            _keys[i] = keys.Key(_slots[i], item.Context.KeySize);
        }
    }

    /// <summary>The session slot of an item.</summary>
    public int Slot(int item) => _slots[item];

    /// <summary>The expanded key of an item.</summary>
    public ShortAesGcm Key(int item) => _keys[item];

    // Packets of a pair come in runs, those of a conversation by turns.
    private int EarlierOf(in SessionId session) =>
        Count > 0 && session == _items[Count - 1].Session ? Count - 1
        : Count > 1 && session == _items[Count - 2].Session ? Count - 2
        : -1;

    public void Clear() => Count = 0;
}
