using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Pdm6.Collector.Secrets;

namespace Pdm6.Collector.Ingest;

/// <summary>The listener for agents: TLS 1.3 and HTTP/2 only, and nobody without the agents' key.</summary>
internal static class IngestServer
{
    private const int MostConnections = 2 * AgentRegistry.MostAgents;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Makes the server; the caller starts it.</summary>
    public static WebApplication Create(IPEndPoint address, IContextSecrets secrets, LiveConnections live, IngestEndpoints endpoints)
    {
        WebApplicationBuilder builder = ServerBuilder.Create();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Who is slow or silent is let go: request bodies keep Kestrel's least rate, and agents ping.
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = _patience;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Limits.MaxRequestBodySize = 0; // each endpoint says what it takes
            kestrel.Limits.Http2.MaxStreamsPerConnection = 16;
            kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 2 << 20;
            kestrel.Listen(address, listener =>
            {
                listener.Protocols = HttpProtocols.Http2;
                listener.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificateSelector = (_, _) => secrets.Peers.Certificate,
                    SslProtocols = SslProtocols.Tls13,
                    HandshakeTimeout = _patience,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    CheckCertificateRevocation = false,
                    ClientCertificateValidation = (certificate, _, _) => secrets.Peers.IsPeer(certificate),
                });
                listener.Use(live.Track);
            });
        });
        WebApplication server = builder.Build();
        endpoints.Map(server);
        return server;
    }
}
