using System.Collections.Concurrent;
using System.Data.Common;

namespace Pdm6.Registration.Storage;

/// <summary>Those that read: so many threads, with a connection each. Threads of their own, because a read blocks the one
/// that it runs on: many at once must not take those on which connections are accepted and answered.</summary>
internal sealed class StoreReaders : IDisposable
{
    private const int Most = 4;

    private readonly BlockingCollection<IStoreReading> _waiting = [];
    private readonly IRegistrarDatabase _database;
    private readonly Thread[] _threads;

    public StoreReaders(IRegistrarDatabase database)
    {
        _database = database;
        _threads = [.. Enumerable.Range(0, Most).Select(_ => new Thread(Run) { IsBackground = true, Name = "registrar reader" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Reads what is durable.</summary>
    /// <exception cref="StoreUnavailableException">The database refuses.</exception>
    public Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellationToken)
    {
        StoreReading<T> piece = new(read, cancellationToken);
        _waiting.Add(piece, CancellationToken.None);
        return piece.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Reads what waits, then ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        foreach (Thread thread in _threads)
            thread.Join();
        _waiting.Dispose();
    }

    private void Run()
    {
        SqlSession? sql = null;
        foreach (IStoreReading piece in _waiting.GetConsumingEnumerable())
        {
            if (piece.IsGivenUp || TryRead(ref sql, piece))
                continue;
            // The connection may be what is broken: the next read gets a new one.
            sql?.Dispose();
            sql = null;
        }
        sql?.Dispose();
    }

    private bool TryRead(ref SqlSession? sql, IStoreReading piece)
    {
        try
        {
            sql ??= _database.Open();
            // One look at everything: who is revoked between two statements would be half of both.
            using (sql.Transaction = _database.BeginReading(sql))
                piece.Do(sql);
            sql.Transaction = null;
            piece.Succeed();
            return true;
        }
        catch (DbException trouble)
        {
            piece.Fail(new StoreUnavailableException(trouble.Message, trouble));
            return false;
        }
#pragma warning disable CA1031 // Whatever a read throws belongs to whoever waits for it, not to this thread.
        catch (Exception mistake)
#pragma warning restore CA1031
        {
            piece.Fail(mistake);
            return false;
        }
    }
}
