namespace Pdm6.Registration.Server;

/// <summary>One feed that waits.</summary>
internal sealed class FeedWaiter(FeedSignal signal, IReadOnlyList<string> keyIds) : IDisposable
{
    // Whoever waits goes on on a thread of its own, not on that of whoever wakes it.
    private readonly TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> KeyIds => keyIds;

    /// <summary>Completes when there is something new.</summary>
    public Task News => _news.Task;

    public void Wake() => _news.TrySetResult();

    public void Dispose() => signal.Leave(this);
}
