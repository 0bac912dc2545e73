using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Support;

/// <summary>A collector that keeps everything it is sent, for as long as a test runs.</summary>
internal sealed class TestCollector : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly LabIdentity _identity;
    private readonly HashSet<(IncarnationId, ulong)> _batches = [];
    private readonly Lock _lock = new();

    private TestCollector(WebApplication application, LabIdentity identity) => (_application, _identity) = (application, identity);

    /// <summary>Where agents find it.</summary>
    internal Uri Address => new(_application.Urls.Single());

    internal ConcurrentDictionary<IncarnationId, AgentDescription> Agents { get; } = new();

    /// <summary>Last report of each incarnation.</summary>
    internal ConcurrentDictionary<IncarnationId, CounterReport> Reports { get; } = new();

    /// <summary>Highest count told for each pair, rule and epoch.</summary>
    internal ConcurrentDictionary<SentCounter, long> Sent { get; } = new();

    internal ConcurrentQueue<(IncarnationId Observer, Observation Observation)> Observations { get; } = new();

    /// <summary>While true, everything but the agents' descriptions is answered with 503.</summary>
    internal bool IsBusy { get; set; }

    /// <summary>Answers a request in place of the collector; null lets the collector answer.</summary>
    internal Func<HttpRequest, IResult?> Instead { get; set; } = _ => null;

    internal static async Task<TestCollector> StartAsync(ReadOnlyMemory<byte> keyFileSecret)
    {
        LabIdentity identity = LabIdentity.ForCollector(keyFileSecret.Span);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.IPv6Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = identity.Certificate;
                https.SslProtocols = SslProtocols.Tls13;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => identity.IsPeer(certificate);
            });
        }));
        TestCollector collector = new(builder.Build(), identity);
        collector.Map();
        await collector._application.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
        _identity.Dispose();
    }

    private void Map()
    {
        _application.Use((HttpContext context, RequestDelegate next) =>
            Instead(context.Request) is { } answer ? answer.ExecuteAsync(context) : next(context));
        _application.MapPut(ExportRoutes.Agents + "{id}", async (HttpContext context) =>
        {
            AgentDescription? description = await context.Request.ReadFromJsonAsync(ExportJson.Default.AgentDescription);
            Assert.True(description!.TryValidate(out string? error), error);
            Agents[description.IncarnationId] = description;
            return Results.NoContent();
        });
        _application.MapGet(ExportRoutes.Announcements, async (long after, int waitSeconds, CancellationToken gone) =>
        {
            DateTime deadline = DateTime.UtcNow.AddSeconds(waitSeconds);
            while (Agents.Count <= after && DateTime.UtcNow < deadline)
                await Task.Delay(10, gone);
            AnnouncementPage page = new(Agents.Count, [.. Agents.Values.Select(agent => agent.Announcement)]);
            return Results.Json(page, ExportJson.Default.AnnouncementPage);
        });
        _application.MapPost(ExportRoutes.Observations, async (HttpContext context) =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            return IsBusy ? Results.StatusCode(503) : TakeBatch(body.ToArray());
        });
        _application.MapPost(ExportRoutes.Counters, async (HttpContext context) =>
        {
            CounterReport? report = await context.Request.ReadFromJsonAsync(ExportJson.Default.CounterReport);
            Assert.True(report!.TryValidate(out string? error), error);
            if (IsBusy)
                return Results.StatusCode(503);
            Reports[report.IncarnationId] = report;
            foreach (SentCounter sent in report.Sent)
                Sent.AddOrUpdate(sent with { Count = 0 }, sent.Count, (_, known) => Math.Max(known, sent.Count));
            return Results.NoContent();
        });
    }

    private IResult TakeBatch(byte[] octets)
    {
        Assert.True(ObservationBatch.TryReadHeader(octets, out ObservationBatchHeader header, out string error), error);
        if (!Agents.ContainsKey(header.Incarnation))
            return Results.NotFound();
        Observation[] observations = new Observation[header.Count];
        Assert.True(ObservationBatch.TryReadObservations(octets, header, observations, out error), error);
        lock (_lock)
            if (_batches.Add((header.Incarnation, header.Number)))
                foreach (Observation observation in observations)
                    Observations.Enqueue((header.Incarnation, observation));
        return Results.NoContent();
    }
}
