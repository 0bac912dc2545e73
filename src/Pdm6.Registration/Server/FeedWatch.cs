using Microsoft.Extensions.Logging;
using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>Reads what was written into the store, by this registrar or beside it, once for all feeds.</summary>
internal sealed class FeedWatch(RegistrarStore store, FeedNews news, TimeProvider time, ILogger log) : IDisposable
{
    // How soon it is seen what others wrote.
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource _due = NewDue();
    private Task _running = Task.CompletedTask;

    /// <summary>This registrar has committed this version. For the thread that writes.</summary>
    public void Wrote(long version)
    {
        news.Committed(version);
        if (version != news.Version)
            _due.TrySetResult();
    }

    public void Start() => _running = Unattended.Start(
        RunAsync, log, "Participants hear of news only once a minute from now on.", _stop.Token);

    public void Dispose()
    {
        _stop.Cancel();
        _running.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            // What is written after this is seen now or makes the next look due.
            TaskCompletionSource due = _due = NewDue();
            try
            {
                news.Publish(await store.ReadAsync(Look, _stop.Token).ConfigureAwait(false));
            }
            catch (StoreUnavailableException)
            {
                // Whoever asks for something meanwhile is told, and the log with it; the next look may find it back.
            }
            await due.Task.WaitAsync(_lookEvery, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource NewDue() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // At the begin nothing is of interest but how far the store is.
    private StoreChanges Look(SqlSession sql) => news.Version is { } version
        ? StoreChanges.Read(sql, version, time.UnixNs())
        : new StoreChanges(StoreVersions.Read(sql), [], []);
}
