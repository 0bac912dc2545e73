using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Pdm6.Registration.Storage;

/// <summary>
/// The one that writes: takes what waits, does it in one transaction and commits once, because a commit that is durable
/// costs a disk's round trip however much it holds. Nobody is told before the commit.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const int MostAtOnce = 256;
    private const int MostWaiting = 32_768; // more than there are connections

    private readonly Channel<IStoreWork> _waiting = Channel.CreateBounded<IStoreWork>(MostWaiting);
    private readonly IRegistrarDatabase _database;
    private readonly TimeProvider _time;
    private readonly Action<StoreTransaction> _committed;
    private readonly Thread _thread;
    private SqlSession? _sql;

    /// <param name="database">Where to write.</param>
    /// <param name="time">The clock of transactions.</param>
    /// <param name="committed">Called after each commit, before those who wait are told.</param>
    public StoreWriter(IRegistrarDatabase database, TimeProvider time, Action<StoreTransaction> committed)
    {
        _database = database;
        _time = time;
        _committed = committed;
        _thread = new Thread(Run) { IsBackground = true, Name = "registrar store" };
        _thread.Start();
    }

    /// <summary>Does the work; completes when it is durable.</summary>
    /// <exception cref="StoreUnavailableException">Too much waits already, or the database refuses.</exception>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> work)
    {
        StoreWork<T> piece = new(work);
        return _waiting.Writer.TryWrite(piece)
            ? piece.Done
            : Task.FromException<T>(new StoreUnavailableException("too much waits to be stored"));
    }

    /// <summary>Does what waits, then ends.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _thread.Join();
        _sql?.Dispose();
    }

    private void Run()
    {
        List<IStoreWork> batch = new(MostAtOnce);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out IStoreWork? piece))
                batch.Add(piece);
            if (TryConnect(batch) && !TryDo(batch, out Exception? error))
                FailOrSplit(batch, error);
            batch.Clear();
        }
    }

    // A database that is away is away for all: asking it for each would only let them wait longer.
    private bool TryConnect(List<IStoreWork> batch)
    {
        try
        {
            _sql ??= _database.Open();
            return true;
        }
        catch (DbException away)
        {
            StoreUnavailableException error = new(away.Message, away);
            batch.ForEach(piece => piece.Fail(error));
            return false;
        }
    }

    // One piece must not spoil the others: done together or, when that fails, one by one.
    private void FailOrSplit(List<IStoreWork> batch, Exception error)
    {
        if (batch.Count == 1)
        {
            batch[0].Fail(error);
            return;
        }
        for (int i = 0; i < batch.Count; i++)
        {
            if (!TryConnect(batch[i..]))
                return;
            if (!TryDo([batch[i]], out Exception? itsError))
                batch[i].Fail(itsError);
        }
    }

    private bool TryDo(List<IStoreWork> batch, [NotNullWhen(false)] out Exception? error)
    {
        SqlSession sql = _sql!;
        try
        {
            using (DbTransaction transaction = StoreTransaction.Begin(_database, sql))
            {
                StoreTransaction work = new(sql, _time.UnixNs());
                foreach (IStoreWork piece in batch)
                    piece.Do(work);
                work.Finish();
                transaction.Commit();
                _committed(work);
            }
            foreach (IStoreWork piece in batch)
                piece.Succeed();
            error = null;
            return true;
        }
        catch (DbException trouble)
        {
            // The connection may be what is broken: the next work gets a new one.
            sql.Dispose();
            _sql = null;
            error = new StoreUnavailableException(trouble.Message, trouble);
            return false;
        }
#pragma warning disable CA1031 // Whatever a piece of work throws belongs to whoever waits for it, not to this thread.
        catch (Exception mistake)
#pragma warning restore CA1031
        {
            error = mistake;
            return false;
        }
    }
}
