namespace Pdm6.Registration.Storage;

/// <summary>
/// All that a registrar knows. Nothing is kept elsewhere: a registrar that is killed, or an operator's command line beside
/// a running one, sees what is durable and nothing else. For any thread.
/// </summary>
internal sealed class RegistrarStore : IDisposable
{
    private readonly IRegistrarDatabase _database;
    private readonly StoreWriter _writer;
    private readonly StoreReaders _readers;

    /// <param name="database">Where it is kept; disposed of with the store.</param>
    /// <param name="time">The clock of transactions.</param>
    /// <param name="committed">Called after each commit of this process, before those who wait for it are told.</param>
    public RegistrarStore(IRegistrarDatabase database, TimeProvider time, Action<StoreTransaction> committed)
    {
        _database = database;
        _readers = new StoreReaders(database);
        _writer = new StoreWriter(database, time, committed);
    }

    /// <summary>The store that the options name.</summary>
    /// <exception cref="RegistrarException">It cannot be used; the line says what to do.</exception>
    public static RegistrarStore Open(RegistrarOptions options, Action<StoreTransaction> committed)
    {
        IRegistrarDatabase database = options.Database is { } connection
            ? new PostgresDatabase(connection)
            : new SqliteDatabase(DataDirectory.StorePath(options.Data));
        return new RegistrarStore(database, options.Time, committed);
    }

    /// <summary>What it is and where, for people.</summary>
    public string Description => _database.Description;

    /// <summary>Does something as a whole; completes when it is durable.</summary>
    /// <exception cref="StoreUnavailableException">Nobody can say whether it was done: the same again later.</exception>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> work) => _writer.WriteAsync(work);

    /// <summary>Reads what is durable.</summary>
    /// <exception cref="StoreUnavailableException">Not now: the same again later.</exception>
    public Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellationToken) =>
        _readers.ReadAsync(read, cancellationToken);

    /// <summary>Does what waits to be written, then closes.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
        _database.Dispose();
    }
}
