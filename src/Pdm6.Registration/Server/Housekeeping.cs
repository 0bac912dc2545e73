using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>What has to be done now and then: notice what others wrote into the store, renew the listener's certificate,
/// remove what is over.</summary>
internal sealed class Housekeeping(
    RegistrarStore store, FeedSignal signal, ListenerCertificate certificate, TimeSpan retention, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _cleanEvery = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private long _seen;

    /// <summary>A version that this process wrote: no news from elsewhere.</summary>
    public void Wrote(long version)
    {
        long seen;
        while ((seen = Volatile.Read(ref _seen)) < version && Interlocked.CompareExchange(ref _seen, version, seen) != seen)
        {
            // Another thread came first: look again.
        }
    }

    public void Start() => _running = Task.Run(RunAsync);

    public void Dispose()
    {
        _stop.Cancel();
        _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(_lookEvery, time);
        long cleaned = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            certificate.RenewIfDue();
            try
            {
                await LookAsync().ConfigureAwait(false);
                if (time.GetElapsedTime(cleaned) < _cleanEvery)
                    continue;
                await CleanAsync().ConfigureAwait(false);
                cleaned = time.GetTimestamp();
            }
            catch (StoreUnavailableException)
            {
                // Whoever asks for something meanwhile is told, and the log with it; the next tick looks again.
            }
        }
    }

    private async Task LookAsync()
    {
        long version = (await store.ReadAsync(StoreVersions.Read, _stop.Token).ConfigureAwait(false)).Version;
        if (version <= Volatile.Read(ref _seen))
            return;
        Wrote(version);
        signal.WakeEverybody();
    }

    private Task<int> CleanAsync() => store.WriteAsync(transaction =>
    {
        long before = (UnixTime.FromUnixNs(transaction.NowNs) - retention).ToUnixNs();
        GrantTable.RemoveEndedBefore(transaction.Sql, transaction.NowNs);
        return AnnouncementTable.RemoveEndedBefore(transaction.Sql, before);
    });
}
