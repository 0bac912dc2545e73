namespace Pdm6.Registration.Storage;

/// <summary>A piece of work with a result.</summary>
internal sealed class StoreWork<T>(Func<StoreTransaction, T> work) : IStoreWork
{
    // Whoever waits goes on on a thread of its own, not on the writer's.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>Completes when the work is durable.</summary>
    public Task<T> Done => _done.Task;

    public void Do(StoreTransaction transaction) => _result = work(transaction);

    public void Succeed() => _done.TrySetResult(_result!);

    public void Fail(Exception error) => _done.TrySetException(error);
}
