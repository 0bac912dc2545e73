using System.Collections.Concurrent;
using System.Data.Common;

namespace Pdm6.Registration.Storage;

/// <summary>Connections for reading, so many at most; who comes late waits.</summary>
internal sealed class StoreReaders(IRegistrarDatabase database) : IDisposable
{
    private const int Most = 8;

    private readonly SemaphoreSlim _free = new(Most);
    private readonly ConcurrentBag<SqlSession> _idle = [];

    /// <summary>Reads what is durable.</summary>
    /// <exception cref="StoreUnavailableException">The database refuses.</exception>
    public async Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        SqlSession? sql = null;
        try
        {
            sql = _idle.TryTake(out SqlSession? idle) ? idle : database.Open();
            T result;
            // One look at everything: who is revoked between two statements would be half of both.
            using (sql.Transaction = database.BeginReading(sql))
                result = read(sql);
            sql.Transaction = null;
            _idle.Add(sql);
            sql = null;
            return result;
        }
        catch (DbException trouble)
        {
            throw new StoreUnavailableException(trouble.Message, trouble);
        }
        finally
        {
            sql?.Dispose();
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out SqlSession? sql))
            sql.Dispose();
        _free.Dispose();
    }
}
