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
    private readonly Session[] _sessions = new Session[Capacity];
    private readonly int[] _slots = new int[Capacity];
    private readonly ShortAesGcm[] _keys = new ShortAesGcm[Capacity];
    private int _sessionCount;

    internal struct Item
    {
        public int Index; // of the observation
        public long EpochIndex;
        public uint Psntp;
        public ushort Epoch;
        public int Session; // the place of its session among those of the batch
    }

    /// <summary>Whose key some of the items need.</summary>
    private struct Session
    {
        public SessionId Id;
        public OpenerContext Context;
        public uint Hash;
    }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public ReadOnlySpan<Item> Items => _items.AsSpan(0, Count);

    public void Add(
        int index, OpenerContext context, long epochIndex, in FlowKey flow, ushort epoch, uint psntp,
        SessionKeys keys)
    {
        int session = SessionOf(context, flow, epoch);
        if (session < 0)
        {
            session = _sessionCount++;
            ref Session added = ref _sessions[session];
            added.Id = new SessionId(context.Ordinal, epoch, flow.Source, flow.Destination);
            added.Context = context;
            added.Hash = SessionKeys.HashOf(added.Id);
            keys.PrefetchIndex(added.Hash);
        }
        ref Item item = ref _items[Count++];
        item.Index = index;
        item.EpochIndex = epochIndex;
        item.Psntp = psntp;
        item.Epoch = epoch;
        item.Session = session;
    }

    /// <summary>Finds the key of every item; a key may be displaced by a later one's.</summary>
    public void FindKeys(SessionKeys keys)
    {
        ReadOnlySpan<Session> sessions = _sessions.AsSpan(0, _sessionCount);
        foreach (ref readonly Session session in sessions)
            keys.PrefetchSecret(session.Hash);
        for (int i = 0; i < sessions.Length; i++)
        {
            ref readonly Session session = ref sessions[i];
            _slots[i] = keys.Slot(session.Context, session.Id, session.Hash);
            _keys[i] = keys.Key(_slots[i], session.Context.KeySize);
        }
    }

    /// <summary>The session slot of an item.</summary>
    public int Slot(int item) => _slots[_items[item].Session];

    /// <summary>The expanded key of an item.</summary>
    public ShortAesGcm Key(int item) => _keys[_items[item].Session];

    /// <summary>The context whose key that is.</summary>
    public OpenerContext Context(int item) => _sessions[_items[item].Session].Context;

    public void Clear() => (Count, _sessionCount) = (0, 0);

    // Packets of a pair come in runs, those of a conversation by turns. Compared field by field: to put an id together
    // only to compare it takes longer than all else here.
    private int SessionOf(OpenerContext context, in FlowKey flow, ushort epoch)
    {
        for (int session = _sessionCount - 1; session >= Math.Max(0, _sessionCount - 2); session--)
        {
            ref readonly SessionId id = ref _sessions[session].Id;
            if (id.Context == context.Ordinal && id.Epoch == epoch && id.Source == flow.Source && id.Destination == flow.Destination)
                return session;
        }
        return -1;
    }
}
