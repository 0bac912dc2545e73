using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>Wakes the feeds that wait, and only those that have something new. For any thread.</summary>
internal sealed class FeedSignal
{
    private readonly Lock _lock = new();
    private readonly HashSet<FeedWaiter> _all = [];
    private readonly Dictionary<string, HashSet<FeedWaiter>> _byKey = new(StringComparer.Ordinal);
    private volatile bool _isClosed;

    /// <summary>True once nobody waits any more.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _all.Count;
        }
    }

    /// <summary>Begins to wait for news for these keys, or for everybody. Look into the store after that, then
    /// wait.</summary>
    public FeedWaiter Enter(IReadOnlyList<string> keyIds)
    {
        FeedWaiter waiter = new(this, keyIds);
        lock (_lock)
        {
            if (_isClosed)
            {
                waiter.Wake();
                return waiter;
            }
            _all.Add(waiter);
            foreach (string keyId in keyIds)
            {
                if (!_byKey.TryGetValue(keyId, out HashSet<FeedWaiter>? waiters))
                    _byKey.Add(keyId, waiters = []);
                waiters.Add(waiter);
            }
        }
        return waiter;
    }

    /// <summary>Wakes those whom a transaction concerns.</summary>
    public void Wake(StoreTransaction transaction)
    {
        if (transaction.ConcernsEverybody)
        {
            WakeEverybody();
            return;
        }
        lock (_lock)
            foreach (string keyId in transaction.ConcernedKeys)
                if (_byKey.TryGetValue(keyId, out HashSet<FeedWaiter>? waiters))
                    foreach (FeedWaiter waiter in waiters)
                        waiter.Wake();
    }

    /// <summary>Wakes all.</summary>
    public void WakeEverybody()
    {
        lock (_lock)
            foreach (FeedWaiter waiter in _all)
                waiter.Wake();
    }

    /// <summary>Nobody waits any more: the registrar ends.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
        WakeEverybody();
    }

    internal void Leave(FeedWaiter waiter)
    {
        lock (_lock)
        {
            _all.Remove(waiter);
            foreach (string keyId in waiter.KeyIds)
                if (_byKey.TryGetValue(keyId, out HashSet<FeedWaiter>? waiters) && waiters.Remove(waiter) && waiters.Count == 0)
                    _byKey.Remove(keyId);
        }
    }
}
