using Pdm6.Registration.Storage;
using Pdm6.Registration.Tests.Server;

namespace Pdm6.Registration.Tests.Storage;

/// <summary>Reads, however many and however slow, take no thread from those who answer.</summary>
public sealed class StoreReadersTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteDatabase _database;
    private readonly StoreReaders _readers;

    public StoreReadersTests()
    {
        _database = new SqliteDatabase(Path.Combine(_directory.Path, "registrar.db"));
        _readers = new StoreReaders(_database);
    }

    public void Dispose()
    {
        _readers.Dispose();
        _database.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Read_OfAnything_RunsOnNoThreadOfThePool() =>
        Assert.False(await _readers.ReadAsync(_ => Thread.CurrentThread.IsThreadPoolThread, default));

    [Fact]
    public async Task Read_ThatThrows_FailsAlone()
    {
        Task<int>[] all = [.. Enumerable.Range(0, 40).Select(i => _readers.ReadAsync(
            sql => i % 10 == 3 ? throw new InvalidDataException("a mistake") : (int)sql.Number("SELECT version + 7 FROM state")!, default))];
        await Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal([3, 13, 23, 33], Enumerable.Range(0, 40).Where(i => all[i].Exception?.InnerException is InvalidDataException));
        Assert.All(all.Where(read => read.IsCompletedSuccessfully), read => Assert.Equal(7, read.Result));
    }

    [Fact]
    public async Task Read_ThatTheDatabaseRefuses_SaysSoAndTheNextWorks()
    {
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _readers.ReadAsync(sql => sql.Number("SELECT nothing FROM nowhere"), default));

        Assert.Equal(0, await _readers.ReadAsync(sql => sql.Number("SELECT version FROM state"), default));
    }

    [Fact]
    public async Task Read_GivenUpWhileItWaits_EndsAtOnceAndIsNeverDone()
    {
        using ManualResetEventSlim open = new();
        Task<bool>[] slow = [.. Enumerable.Range(0, 64).Select(_ => _readers.ReadAsync(_ => open.Wait(_patience), default))];
        using CancellationTokenSource giveUp = new();
        bool isDone = false;

        Task<bool> waiting = _readers.ReadAsync(_ => isDone = true, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(_patience));
        open.Set();

        Assert.All(await Task.WhenAll(slow), Assert.True);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => _readers.ReadAsync(_ => 0, default)));
        Assert.False(isDone);
    }
}
