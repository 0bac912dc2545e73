using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>The listener: TLS 1.3 only, certificates of clients welcome but not required, and nobody who is slow.</summary>
internal static class RegistrarServer
{
    // Of a stop.
    private static readonly TimeSpan _shutdown = TimeSpan.FromSeconds(10);
    // Kestrel's clocks also run while this process is late itself, as when every host of a site comes back at once: none of
    // those who then wait may be taken for slow. What a slow client costs is bounded by the number of connections.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30), _grace = TimeSpan.FromSeconds(20);

    /// <summary>Makes the server; the caller maps what it answers, and starts it.</summary>
    public static WebApplication Create(RegistrarOptions options, ListenerCertificate certificate, AuthorityCertificate authority)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _shutdown);
        Configure(builder.Logging);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits, options.MostConnections);
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, listener =>
            {
                listener.Protocols = HttpProtocols.Http1AndHttp2;
                listener.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = _patience,
                    OnConnection = _ => ValueTask.FromResult(Tls(certificate, authority)),
                });
            });
        });
        return builder.Build();
    }

    /// <summary>Warnings, one line each, to standard error.</summary>
    public static void Configure(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        // A listener that cannot start is told in one line by who started it, not in a stack trace here.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void Limit(KestrelServerLimits limits, int mostConnections)
    {
        limits.MaxConcurrentConnections = mostConnections;
        limits.RequestHeadersTimeout = _patience;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(5); // a participant that was told to come back later keeps its connection
        limits.MaxRequestBodySize = 0; // each path says what it takes
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: _grace);
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: _grace);
        limits.Http2.MaxStreamsPerConnection = 16;
    }

    private static System.Net.Security.SslServerAuthenticationOptions Tls(ListenerCertificate certificate, AuthorityCertificate authority) => new()
    {
        ServerCertificateContext = certificate.Current,
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateRequired = true, // asked for; the callback lets in who has none
        CertificateChainPolicy = Policy(authority),
        // Whose certificate is not good enough gets a reason over HTTP, where there is room for one: CallerIdentification.
        // TLS has proved that the client holds the key.
#pragma warning disable CA5359 // No decision is made here: see above.
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    // Nothing that a stranger's certificate says is fetched from anywhere.
    private static X509ChainPolicy Policy(AuthorityCertificate authority)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(authority.Der.Span));
        return policy;
    }
}
