using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>
/// What is new, and for whom. Wakes the feeds that wait, and answers those for which there is nothing in the store: ten
/// thousand of them wait at a time, and hardly anything concerns more than one of them. For any thread.
/// </summary>
internal sealed class FeedNews
{
    // Of older ones the store tells.
    private const int MostRevocations = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<Fingerprint, Listener> _listeners = [];
    private readonly List<Revocation> _revoked = [];
    // All that happened after _begin and not after _now is known here.
    private StoreVersions? _now;
    private long _begin, _committed;
    private bool _isClosed;
    private int _waiting;

    /// <summary>True once nobody waits any more.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How far this is; null before it has begun.</summary>
    public long? Version
    {
        get
        {
            lock (_lock)
                return _now?.Version;
        }
    }

    /// <summary>What this registrar has told somebody is durable.</summary>
    public long Durable
    {
        get
        {
            lock (_lock)
                return _committed;
        }
    }

    /// <summary>Completes with the next news for a participant. Ask for it first, look then, wait last.</summary>
    public Task NextFor(Fingerprint participant)
    {
        lock (_lock)
        {
            if (_isClosed)
                return Task.CompletedTask;
            if (!_listeners.TryGetValue(participant, out Listener? listener))
                _listeners.Add(participant, listener = new Listener { Since = _now?.Version ?? 0 });
            // Whoever waits goes on on a thread of its own, not on that of whoever wakes it.
            return (listener.Next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Waits for what <see cref="NextFor"/> gave, or until the time is over.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async Task WaitAsync(Task next, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await next.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The page of a participant after a version, or null if the store has to be asked for it.</summary>
    /// <param name="participant">Who asks.</param>
    /// <param name="after">It has the page of this version.</param>
    /// <param name="durable">What was <see cref="Durable"/> when it asked: the page is not older.</param>
    public FeedPage? TryAnswer(Fingerprint participant, long after, long durable)
    {
        lock (_lock)
        {
            if (_now is not { } now || after < _begin || after > now.Version || durable > now.Version
                || !_listeners.TryGetValue(participant, out Listener? listener) || listener.Newest is not { } newest || after < newest)
                return null;
            return new FeedPage(
                now.Version, More: false, [], [],
                [.. _revoked.SkipWhile(revocation => revocation.Version <= after).Select(revocation => revocation.Fingerprint)],
                now.AnalyzersVersion > after);
        }
    }

    /// <summary>The store gave a participant in good standing all that there is for it, up to a version.</summary>
    public void Told(Fingerprint participant, long version)
    {
        lock (_lock)
            // One who was revoked while the store was asked is a stranger here, or a newer one.
            if (_listeners.TryGetValue(participant, out Listener? listener) && version >= listener.Since)
                listener.Newest = Math.Max(listener.Newest ?? 0, version);
    }

    /// <summary>This registrar has written. Whoever asks from now on is told by the store until it is published.</summary>
    public void Committed(long version)
    {
        lock (_lock)
            _committed = version;
    }

    /// <summary>Takes in what happened after <see cref="Version"/>, and wakes those whom it concerns.</summary>
    public void Publish(StoreChanges changes)
    {
        lock (_lock)
        {
            if (_now is not { } before || changes.Now.Version < before.Version)
            {
                // The begin, or a store that was restored from an older copy: nothing is known.
                BeginAnew(changes.Now);
                return;
            }
            _now = changes.Now;
            foreach (Fingerprint concerned in changes.Concerned)
                Concern(concerned, changes.Now.Version);
            foreach (Revocation revocation in changes.Revoked)
                if (Fingerprint.TryParse(revocation.Fingerprint, out Fingerprint revoked) && _listeners.Remove(revoked, out Listener? gone))
                    gone.Wake();
            Remember(changes.Revoked);
            if (changes.Revoked.Count > 0 || changes.Now.AnalyzersVersion > before.Version)
                WakeEverybody();
        }
    }

    /// <summary>Nobody waits any more: the registrar ends.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            WakeEverybody();
        }
    }

    private void BeginAnew(StoreVersions now)
    {
        _now = now;
        _begin = _committed = now.Version;
        _revoked.Clear();
        foreach (Listener listener in _listeners.Values)
            (listener.Since, listener.Newest) = (now.Version, null);
        WakeEverybody();
    }

    private void Concern(Fingerprint participant, long version)
    {
        if (!_listeners.TryGetValue(participant, out Listener? listener))
            return;
        if (listener.Newest is not null)
            listener.Newest = Math.Max(listener.Newest.Value, version);
        else
            // What the store is telling it just now may be older.
            listener.Since = Math.Max(listener.Since, version);
        listener.Wake();
    }

    private void Remember(IReadOnlyList<Revocation> revoked)
    {
        _revoked.AddRange(revoked);
        if (_revoked.Count <= MostRevocations)
            return;
        int forgotten = _revoked.Count - MostRevocations;
        _begin = _revoked[forgotten - 1].Version;
        _revoked.RemoveRange(0, forgotten);
    }

    private void WakeEverybody()
    {
        foreach (Listener listener in _listeners.Values)
            listener.Wake();
    }

    private sealed class Listener
    {
        public TaskCompletionSource? Next;

        /// <summary>What the store tells before this version leaves something out.</summary>
        public long Since;

        /// <summary>Nothing concerns it after this version, as far as is known here; null: only the store knows.</summary>
        public long? Newest;

        public void Wake()
        {
            Next?.TrySetResult();
            Next = null;
        }
    }
}
