using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pdm6.Registration.Radius;
using Pdm6.Registration.Server;
using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration;

/// <summary>A running registrar.</summary>
public sealed class RegistrarHost : IAsyncDisposable
{
    private readonly Stack<IDisposable> _owned = [];
    private readonly FeedNews _news = new();
    private WebApplication? _server;
    private bool _disposed;

    private RegistrarHost()
    {
    }

    /// <summary>Where participants ask: the address and port that the system gave.</summary>
    public IPEndPoint Address => AddressOf(_server!);

    /// <summary>The authority that participants trust.</summary>
    public AuthorityCertificate Authority { get; private set; } = null!;

    /// <summary>What only an operator may do, on this registrar's store. Lives as long as the registrar.</summary>
    public RegistrarOperator Operator { get; private set; } = null!;

    /// <summary>Which database holds the store, for people.</summary>
    public string StoreDescription { get; private set; } = "";

    /// <summary>Starts a registrar. It runs until it is disposed of.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="RegistrarException">It cannot start; the message says what to do.</exception>
    public static async Task<RegistrarHost> StartAsync(RegistrarOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        RegistrarHost host = new();
        try
        {
            await host.StartNowAsync(options, cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening, stores what was begun and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _news.Close();
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        while (_owned.TryPop(out IDisposable? owned))
            owned.Dispose();
    }

    private async Task StartNowAsync(RegistrarOptions options, CancellationToken cancellationToken)
    {
        ILoggerFactory loggers = Own(LoggerFactory.Create(RegistrarServer.Configure));
        CertificateAuthority authority = Own(DataDirectory.OpenAuthority(options));
        Authority = authority.Certificate;
        ListenerCertificate certificate = Own(
            new ListenerCertificate(authority, options.Names, options.Listen.Address, options.Time));
        FeedWatch? watch = null;
        RegistrarStore store = Own(RegistrarStore.Open(options, transaction => watch?.Wrote(transaction.Version)));
        StoreDescription = store.Description;
        Operator = new RegistrarOperator(store, authority.Fingerprint);
        IEnrollmentJudge? judge = options.Radius is { } radius
            ? Own(RadiusService.Start(radius, Operator, options.Time, loggers.CreateLogger("radius"))).Judge
            : options.Judge;
        ILogger log = loggers.CreateLogger("registrar");
        watch = Own(new FeedWatch(store, _news, options.Time, log));
        Housekeeping housekeeping = Own(new Housekeeping(store, certificate, options.Retention, options.Time, log));

        RefusalLog refusals = new(log, options.Time);
        Gate gate = new(new CallerIdentification(Authority, options.Time), options.Rates, refusals, options.Time);
        _server = RegistrarServer.Create(options, certificate, Authority);
        Map(_server, gate, refusals, store, new Issuance(authority, options.CertificateLifetime), judge, options.Time);
        await ListenAsync(_server, options.Listen, cancellationToken).ConfigureAwait(false);
        watch.Start();
        housekeeping.Start();
    }

    private void Map(
        WebApplication server, Gate gate, RefusalLog refusals, RegistrarStore store, Issuance issuance, IEnrollmentJudge? judge,
        TimeProvider time)
    {
        RequestCounter requests = new();
        MetricsPage metrics = new(_news, refusals, requests);
        LastResort lastResort = new(gate);
        server.Use(next => context =>
        {
            requests.Count();
            return lastResort.RunAsync(context, next);
        });
        new ParticipantEndpoints(
            gate, store, new EnrollmentService(store, issuance, judge), new RenewalService(store, issuance),
            new KeyBundleService(store, Authority, time), Authority.Der.ToArray(), time).Map(server);
        new RelayEndpoints(
            gate, store, new AnnouncementService(store, Authority, time), new GrantService(store, Authority, time),
            new FeedService(store, _news, time)).Map(server);
        server.MapGet("/-/healthy", (HttpContext context) => context.Response.WriteAsync("healthy\n", context.RequestAborted));
        server.MapGet("/metrics", (HttpContext context) =>
        {
            // How busy a registrar is is nobody's business but its operator's.
            if (context.Connection.RemoteIpAddress is not { } from || !IPAddress.IsLoopback(from))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
            byte[] page = Encoding.UTF8.GetBytes(metrics.Write());
            context.Response.ContentType = MetricsPage.ContentType;
            context.Response.ContentLength = page.Length;
            return context.Response.Body.WriteAsync(page, context.RequestAborted).AsTask();
        });
    }

    private T Own<T>(T resource) where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    private static async Task ListenAsync(WebApplication server, IPEndPoint address, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new RegistrarException(
                $"listen: {address} is already in use; stop the other program or choose another port", error);
        }
        catch (SocketException error)
        {
            throw new RegistrarException(
                $"listen: cannot listen on {address} ({error.Message}); choose an address of this host and a free port", error);
        }
    }

    private static IPEndPoint AddressOf(WebApplication server)
    {
        Uri address = new(server.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return new IPEndPoint(IPAddress.Parse(address.IdnHost), address.Port);
    }
}
