using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pdm6.Collector.Api;
using Pdm6.Collector.Ingest;
using Pdm6.Collector.Probes;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Storage;
using Pdm6.Registration;
using Pdm6.Security;
using Pdm6.Security.Identity;

namespace Pdm6.Collector;

/// <summary>A running collector: two listeners, the pipeline and the store.</summary>
public sealed class CollectorHost : IAsyncDisposable
{
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(5);

    private readonly Stack<IDisposable> _owned = [];
    private readonly CancellationTokenSource _giveUp = new();
    private readonly IngestQueue _queue = new();
    private WebApplication? _ingest;
    private WebApplication? _web;
    private readonly CancellationTokenSource _stop = new();
    private RegistrarHost? _registrar;
    private IContextSecrets? _secrets;
    private Task _pipeline = Task.CompletedTask;
    private Task _work = Task.CompletedTask;
    private bool _disposed;

    private CollectorHost()
    {
    }

    /// <summary>Where agents report to: the address that the system gave.</summary>
    public IPEndPoint IngestAddress => AddressOf(_ingest!);

    /// <summary>Where participants reach the registrar inside this collector; null if there is none.</summary>
    public IPEndPoint? RegistrarAddress => _registrar?.Address;

    /// <summary>The identity fingerprint of this collector, which agents list among their analyzers; null with a key
    /// file.</summary>
    public Fingerprint? Identity => (_secrets as RegisteredSecrets)?.Identity;

    /// <summary>Where the page is: the address that the system gave.</summary>
    public IPEndPoint WebAddress => AddressOf(_web!);

    /// <summary>Completes only if the collector cannot go on.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Runs a collector until it is told to stop; then what came in is stored.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="stop">Tells it to stop.</param>
    /// <exception cref="CollectorConfigurationException">It cannot start; the message says what to do.</exception>
    public static async Task RunAsync(CollectorOptions options, CancellationToken stop)
    {
        CollectorHost host = await StartAsync(options, stop).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            await Task.WhenAny(host.Completion, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
            if (host.Completion.IsCompleted)
                await host.Completion.ConfigureAwait(false);
        }
    }

    /// <summary>Starts a collector. It runs until it is disposed of; then what came in is stored.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="CollectorConfigurationException">It cannot start; the message says what to do.</exception>
    public static async Task<CollectorHost> StartAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CollectorHost host = new();
        try
        {
            await host.StartNowAsync(options, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening, measures what came in to its end, stores it and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_ingest is not null)
            await _ingest.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _queue.Close();
        _giveUp.CancelAfter(_farewell);
        await _pipeline.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_web is not null)
            await _web.DisposeAsync().ConfigureAwait(false);
        while (_owned.TryPop(out IDisposable? owned))
            owned.Dispose();
        if (_secrets is not null)
            await _secrets.DisposeAsync().ConfigureAwait(false);
        if (_registrar is not null)
            await _registrar.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private async Task StartNowAsync(CollectorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ILoggerFactory loggers = Own(LoggerFactory.Create(ServerBuilder.Configure));
        ProtectMemory(loggers.CreateLogger<CollectorHost>());
        _secrets = options.KeyFile is { } keyFile ? KeyFileSecrets.Open(keyFile) : null;
        Store store = Own(Store.Open(options.Store, options.Retention));
        _secrets ??= await OpenIdentityAsync(options, store, loggers.CreateLogger<RegisteredSecrets>(), time, cancellationToken)
            .ConfigureAwait(false);

        AgentRegistry registry = new(time);
        IngestCounters counters = new();
        ProbeGate probes = new(options.Retention, time);
        StoreWriter writer = new(store, time, loggers.CreateLogger<StoreWriter>());
        CollectorPipeline pipeline = Own(new CollectorPipeline(_secrets, options.Retention, _queue, writer, time));
        Restore(store, options.Store, registry, probes, writer, pipeline);

        LiveConnections live = new(_secrets.Peers, time);
        _ingest = IngestServer.Create(
            options.Ingest, _secrets, live, new IngestEndpoints(_secrets, registry, _queue, probes, counters));
        _web = WebServer.Create(
            options.Web, new ApiEndpoints(pipeline, _queue, counters, store, writer, time), writer, counters, new ProbeQuery(store, time), time);
        await ListenAsync(_web, "web", options.Web, cancellationToken).ConfigureAwait(false);
        await ListenAsync(_ingest, "ingest", options.Ingest, cancellationToken).ConfigureAwait(false);
        _pipeline = Task.Run(() => pipeline.RunAsync(_giveUp.Token), CancellationToken.None);
        _work = Task.WhenAny(_secrets.RunAsync(_stop.Token), live.RunAsync(_stop.Token)).Unwrap();
        Completion = Task.WhenAny(_pipeline, _work).Unwrap();
    }

    private async Task<RegisteredSecrets> OpenIdentityAsync(
        CollectorOptions options, Store store, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        string identity = options.Identity ?? "";
        if (options.Registrar is { } embedded)
            (_registrar, identity) = await OwnRegistrar
                .StartAsync(embedded, line => logger.LogInformation("{Line}", line), time, cancellationToken).ConfigureAwait(false);
        return RegisteredSecrets.Open(identity, store.ReadEnvelopes(), _queue, logger, time);
    }

    private T Own<T>(T resource) where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    // The key file's secret opens what every agent seals. A system that cannot protect it is no reason not to run.
    private static void ProtectMemory(ILogger logger)
    {
        foreach (string refused in ProcessMemory.Protect())
            logger.LogWarning("{Refused}", refused);
    }

    private static void Restore(
        Store store, string path, AgentRegistry registry, ProbeGate probes, StoreWriter writer, CollectorPipeline pipeline)
    {
        try
        {
            StoredRun run = store.Load();
            registry.Restore(run.Agents.Select(agent => agent.Description));
            probes.Restore(store.ReadProbePairs());
            writer.Restore(run);
            pipeline.Restore(run);
        }
        catch (InvalidDataException error)
        {
            throw new CollectorConfigurationException(
                $"store: {path} is damaged ({error.Message.TrimEnd('.')}); move it away or name another file", error);
        }
    }

    private static async Task ListenAsync(
        WebApplication server, string setting, IPEndPoint address, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new CollectorConfigurationException(
                $"{setting}: {address} is already in use; stop the other program or choose another port", error);
        }
        catch (SocketException error)
        {
            throw new CollectorConfigurationException(
                $"{setting}: cannot listen on {address} ({error.Message}); choose an address of this host and a free port",
                error);
        }
    }

    private static IPEndPoint AddressOf(WebApplication server)
    {
        Uri address = new(server.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return new IPEndPoint(IPAddress.Parse(address.IdnHost), address.Port);
    }
}
