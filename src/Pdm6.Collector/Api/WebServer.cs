using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Pdm6.Collector.Dashboard;
using Pdm6.Collector.Ingest;
using Pdm6.Collector.Metrics;
using Pdm6.Collector.Storage;

namespace Pdm6.Collector.Api;

/// <summary>The listener for people and Prometheus: plain HTTP on a loopback address.</summary>
internal static class WebServer
{
    private const int MostConnections = 256;

    /// <summary>Makes the server; the caller starts it.</summary>
    public static WebApplication Create(
        IPEndPoint address, ApiEndpoints api, StoreWriter writer, IngestCounters ingest, ProbeQuery probes,
        TimeProvider time)
    {
        WebApplicationBuilder builder = ServerBuilder.Create();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxRequestBodySize = 0; // nothing here takes a body
            kestrel.Listen(address);
        });
        WebApplication server = builder.Build();
        server.Use(RefuseOtherSitesAsync);
        api.Map(server);
        MapPages(server, writer, ingest, probes, time);
        return server;
    }

    private static void MapPages(
        WebApplication server, StoreWriter writer, IngestCounters ingest, ProbeQuery probes, TimeProvider time)
    {
        DashboardPage page = new();
        MetricsPage metrics = new();
        server.MapGet("/", (HttpContext context) =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = page.ContentSecurityPolicy;
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return context.Response.Body.WriteAsync(page.Html, context.RequestAborted).AsTask();
        });
        server.MapGet("/metrics", (HttpContext context) =>
        {
            context.Response.ContentType = MetricText.ContentType;
            return context.Response.WriteAsync(
                metrics.Write(writer.Published, ingest, probes.Stored(), time.UnixNs()), context.RequestAborted);
        });
        server.MapGet("/-/healthy", (HttpContext context) => context.Response.WriteAsync("healthy\n", context.RequestAborted));
        server.MapGet("/-/ready", (HttpContext context) =>
        {
            string? trouble = writer.Trouble;
            context.Response.StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(
                trouble is null ? "ready\n" : $"the store cannot be written: {trouble}\n", context.RequestAborted);
        });
    }

    /// <summary>
    /// A page somewhere on the Internet can point its own name at a loopback address and let a browser here ask
    /// (DNS rebinding), or have it post across sites. Only names that mean this host are answered, and browsers change
    /// something only for our own page.
    /// </summary>
    private static Task RefuseOtherSitesAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        string host = context.Request.Host.Host;
        if (host != "localhost" && !(IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return context.Response.WriteAsync("ask for localhost, 127.0.0.1 or [::1]\n", context.RequestAborted);
        }
        // Fetch Metadata: sent by browsers only; "same-origin" is our page, "none" the user.
        string? site = context.Request.Headers["Sec-Fetch-Site"];
        if (HttpMethods.IsGet(context.Request.Method) || site is null or "same-origin" or "none")
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("not from another site\n", context.RequestAborted);
    }
}
