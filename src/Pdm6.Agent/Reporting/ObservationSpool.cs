namespace Pdm6.Agent.Reporting;

/// <summary>
/// Batches that the collector has not taken yet, in memory, bounded: when it is full the oldest goes, and is counted.
/// Thread-safe; one reader.
/// </summary>
/// <param name="limit">Observations that it holds at most.</param>
internal sealed class ObservationSpool(int limit)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Batch> _batches = new();
    private readonly Signal _added = new();
    private bool _completed;
    private long _waiting, _lost;

    /// <summary>Observations in the spool.</summary>
    internal long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Observations that were dropped.</summary>
    internal long Lost => Interlocked.Read(ref _lost);

    /// <summary>Adds a batch, and drops the oldest while there are too many observations.</summary>
    internal void Add(Batch batch)
    {
        lock (_lock)
        {
            _batches.AddLast(batch);
            _waiting += batch.Count;
            while (_waiting > limit)
                Drop(_batches.First!.Value);
        }
        _added.Set();
    }

    /// <summary>Nothing more will be added.</summary>
    internal void Complete()
    {
        lock (_lock)
            _completed = true;
        _added.Set();
    }

    /// <summary>The oldest batch, left in its place; waits for one. Null when there will be none any more.</summary>
    internal async Task<Batch?> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_batches.First is { } first)
                    return first.Value;
                if (_completed)
                    return null;
            }
            await _added.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The batch has been taken by the collector.</summary>
    internal void Remove(Batch batch)
    {
        lock (_lock)
            if (_batches.Remove(batch)) // else it was dropped meanwhile, and counted as lost although it arrived
                _waiting -= batch.Count;
    }

    /// <summary>The batch will never be taken: counts its observations as lost.</summary>
    internal void Discard(Batch batch)
    {
        lock (_lock)
            if (_batches.Contains(batch))
                Drop(batch);
    }

    private void Drop(Batch batch)
    {
        _batches.Remove(batch);
        _waiting -= batch.Count;
        _lost += batch.Count;
    }
}
