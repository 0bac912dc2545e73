namespace Pdm6.Registration.Storage;

/// <summary>A read with a result.</summary>
internal sealed class StoreReading<T>(Func<SqlSession, T> read, CancellationToken giveUp) : IStoreReading
{
    // Whoever waits goes on on a thread of its own, not on the reader's.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>Completes when it was read.</summary>
    public Task<T> Done => _done.Task;

    public bool IsGivenUp => giveUp.IsCancellationRequested;

    public void Do(SqlSession sql) => _result = read(sql);

    public void Succeed() => _done.TrySetResult(_result!);

    public void Fail(Exception error) => _done.TrySetException(error);
}
