using Microsoft.Extensions.Logging;
using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>What has to be done now and then: renew the listener's certificate, remove what is over.</summary>
internal sealed class Housekeeping(
    RegistrarStore store, ListenerCertificate certificate, TimeSpan retention, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _cleanEvery = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Unattended.Start(
        RunAsync, log, "The listener's certificate is not renewed and nothing old is removed from now on.", _stop.Token);

    public void Dispose()
    {
        _stop.Cancel();
        _running.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(_lookEvery, time);
        long cleaned = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            certificate.RenewIfDue();
            if (time.GetElapsedTime(cleaned) < _cleanEvery)
                continue;
            try
            {
                await CleanAsync().ConfigureAwait(false);
                cleaned = time.GetTimestamp();
            }
            catch (StoreUnavailableException)
            {
                // Whoever asks for something meanwhile is told, and the log with it; the next tick tries again.
            }
        }
    }

    private Task<int> CleanAsync() => store.WriteAsync(transaction =>
    {
        long before = (UnixTime.FromUnixNs(transaction.NowNs) - retention).ToUnixNs();
        GrantTable.RemoveEndedBefore(transaction.Sql, transaction.NowNs);
        return AnnouncementTable.RemoveEndedBefore(transaction.Sql, before);
    });
}
