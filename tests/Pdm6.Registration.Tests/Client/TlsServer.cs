using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pdm6.Registration.Tests.Client;

/// <summary>An HTTPS server that shows a given certificate and answers what a test says.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _requests;

    private TlsServer(WebApplication application) => _application = application;

    /// <summary>By address; <c>localhost</c> leads here too, whichever address that is.</summary>
    public Uri Address => new UriBuilder(_application.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Single()) { Host = "[::1]" }.Uri;

    /// <summary>Requests that came through TLS.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<TlsServer> StartAsync(X509Certificate2 certificate, RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.IPv6Any, 0, listen => listen.UseHttps(certificate)));
        TlsServer server = new(builder.Build());
        server._application.Run(context =>
        {
            Interlocked.Increment(ref server._requests);
            return answer(context);
        });
        await server._application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
