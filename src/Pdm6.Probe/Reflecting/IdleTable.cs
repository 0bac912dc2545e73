namespace Pdm6.Probe.Reflecting;

/// <summary>
/// States by key in bounded memory. A state goes only after it has been idle for so long that nothing is lost with it;
/// when there is no room, a newcomer has to wait: nobody can push another's state out.
/// </summary>
/// <param name="capacity">States at most.</param>
/// <param name="idleNs">After so long without use a state may go.</param>
internal sealed class IdleTable<TKey, TState>(int capacity, long idleNs)
    where TKey : notnull
    where TState : class, new()
{
    private const long SweepNs = 1_000_000_000; // the whole table is looked through at most so often

    private readonly Dictionary<TKey, Entry> _entries = [];
    private long _sweptAtNs = long.MinValue / 2;

    internal int Count => _entries.Count;

    /// <summary>The state of a key, made if there is none; null if there is no room for it.</summary>
    internal TState? Find(TKey key, long nowNs)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            if (_entries.Count >= capacity)
                Sweep(nowNs);
            if (_entries.Count >= capacity)
                return null;
            _entries.Add(key, entry = new Entry());
        }
        entry.UsedAtNs = nowNs;
        return entry.State;
    }

    private void Sweep(long nowNs)
    {
        if (nowNs - _sweptAtNs < SweepNs)
            return;
        _sweptAtNs = nowNs;
        foreach ((TKey key, Entry entry) in _entries)
        {
            if (nowNs - entry.UsedAtNs >= idleNs)
                _entries.Remove(key);
        }
    }

    private sealed class Entry
    {
        internal TState State { get; } = new();

        internal long UsedAtNs { get; set; }
    }
}
