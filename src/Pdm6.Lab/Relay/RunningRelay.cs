namespace Pdm6.Lab;

/// <summary>An <see cref="ImpairmentRelay"/> at work on a thread of this process, with its interfaces in a namespace.</summary>
public sealed class RunningRelay : IAsyncDisposable
{
    private readonly ImpairmentRelay _relay;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _forwarding;

    private RunningRelay(ImpairmentRelay relay)
    {
        _relay = relay;
        _forwarding = Task.Factory.StartNew(
            () => relay.Run(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Starts a relay on the router of a laboratory.</summary>
    /// <exception cref="LaboratoryException">The configuration cannot be used.</exception>
    public static RunningRelay Start(NetworkNamespace router, RelayConfiguration configuration) =>
        new(router.Within(() => ImpairmentRelay.Open(configuration)));

    /// <summary>From now on drops packets because of what is on them, or no longer.</summary>
    public void Drop(UnwantedPackets toServer, UnwantedPackets toClient) => _relay.Drop(toServer, toClient);

    /// <summary>What was done so far.</summary>
    public RelayCounters Counters() => _relay.Counters();

    /// <summary>Stops taking packets in, sends what is held, and returns what was done.</summary>
    /// <exception cref="LaboratoryException">The relay failed while it ran.</exception>
    public async Task<RelayCounters> StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _forwarding.ConfigureAwait(false);
        return _relay.Counters();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _forwarding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _relay.Dispose();
        _stop.Dispose();
    }
}
