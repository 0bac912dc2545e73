using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Pdm6.Collector.Probes;
using Pdm6.Collector.Secrets;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Ingest;

/// <summary>What agents may ask of a collector. Every refusal has a reason in one line and is counted.</summary>
internal sealed class IngestEndpoints(
    IContextSecrets secrets, AgentRegistry registry, IngestQueue queue, ProbeGate probes, IngestCounters counters)
{
    private const int LargestDescription = 64 << 10;
    private const int LargestReport = 8 << 20;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(ExportRoutes.Agents + "{incarnationId}", PutAgentAsync);
        routes.MapGet(ExportRoutes.Announcements, GetAnnouncementsAsync);
        routes.MapPost(ExportRoutes.Observations, PostObservationsAsync);
        routes.MapPost(ExportRoutes.Counters, PostCountersAsync);
        routes.MapPost(ExportRoutes.Probes, PostProbesAsync);
    }

    private async Task PutAgentAsync(HttpContext context)
    {
        AgentDescription? agent = await ReadJsonAsync(
            context, ExportJson.Default.AgentDescription, LargestDescription).ConfigureAwait(false);
        if (agent is null)
            return;
        string? error = null;
        if (!IncarnationId.TryParse(context.Request.RouteValues["incarnationId"] as string, out IncarnationId named)
            || named != agent.IncarnationId)
            error = "the path names another incarnation than the body";
        else if (agent.TryValidate(out error))
            error = MayReportAs(context, agent.Name, "\"name\" in the agent's configuration:", out error) ? registry.Put(agent) : error;
        if (error is not null)
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error).ConfigureAwait(false);
        else
            await HandOverAsync(context, agent).ConfigureAwait(false);
    }

    private async Task HandOverAsync(HttpContext context, AgentDescription agent)
    {
        bool isHandedOver = false;
        try
        {
            isHandedOver = await EnqueueAsync(context, new IngestMessage.Agent(agent)).ConfigureAwait(false);
        }
        finally
        {
            if (isHandedOver)
                registry.SetHandedOver(agent);
            else
                registry.Withdraw(agent);
        }
    }

    private async Task GetAnnouncementsAsync(HttpContext context)
    {
        if (!TryReadNumber(context, "after", long.MaxValue, out long after)
            || !TryReadNumber(context, "waitSeconds", ExportRoutes.LongestWaitSeconds, out long waitSeconds))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest,
                $"after is a version, waitSeconds 0 to {ExportRoutes.LongestWaitSeconds}").ConfigureAwait(false);
            return;
        }
        AnnouncementPage page = await registry.WaitAsync(
            after, TimeSpan.FromSeconds(waitSeconds), context.RequestAborted).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(
            page, ExportJson.Default.AnnouncementPage, contentType: null, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task PostObservationsAsync(HttpContext context)
    {
        // One octet more than a good body has, so that a longer one shows.
        const int Room = ObservationBatch.MaxSize + 1;
        byte[] body = ArrayPool<byte>.Shared.Rent(Room);
        try
        {
            int? length = await ReadBodyAsync(context, body.AsMemory(0, Room), ObservationBatch.MaxSize).ConfigureAwait(false);
            if (length is not null)
                await TakeBatchAsync(context, body.AsMemory(0, length.Value)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private async Task TakeBatchAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (!ObservationBatch.TryReadHeader(body.Span, out ObservationBatchHeader header, out string error))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error).ConfigureAwait(false);
            return;
        }
        if (!IsKnown(context, header.Incarnation))
        {
            await RefuseUnknownAsync(context).ConfigureAwait(false);
            return;
        }
        Observation[] rented = ArrayPool<Observation>.Shared.Rent(header.Count);
        bool isHandedOver = false;
        try
        {
            if (!ObservationBatch.TryReadObservations(body.Span, header, rented, out error))
                await RefuseAsync(context, StatusCodes.Status400BadRequest, error).ConfigureAwait(false);
            else
                isHandedOver = await EnqueueAsync(
                    context, new IngestMessage.Batch(header.Incarnation, header.Number, rented, header.Count)).ConfigureAwait(false);
        }
        finally
        {
            if (!isHandedOver)
                ArrayPool<Observation>.Shared.Return(rented);
        }
    }

    private async Task PostCountersAsync(HttpContext context)
    {
        CounterReport? report = await ReadJsonAsync(
            context, ExportJson.Default.CounterReport, LargestReport).ConfigureAwait(false);
        if (report is null)
            return;
        if (!report.TryValidate(out string? error))
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error).ConfigureAwait(false);
        else if (!IsKnown(context, report.IncarnationId))
            await RefuseUnknownAsync(context).ConfigureAwait(false);
        else
            await EnqueueAsync(context, new IngestMessage.Counters(report)).ConfigureAwait(false);
    }

    private async Task PostProbesAsync(HttpContext context)
    {
        IReadOnlyList<ProbeRound>? reports = await ReadJsonAsync(
            context, ExportJson.Default.IReadOnlyListProbeRound, LargestReport).ConfigureAwait(false);
        if (reports is null)
            return;
        string? error = null;
        IReadOnlyList<ReceivedRound>? rounds = null;
        if (reports.All(report => report is null || MayReportAs(context, report.Prober, "--name", out error))
            && probes.TryAdmit(reports, out rounds, out error))
            await EnqueueAsync(context, new IngestMessage.Probes(rounds)).ConfigureAwait(false);
        else
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error!).ConfigureAwait(false);
    }

    // The setting is where whoever reports has the name from.
    private bool MayReportAs(HttpContext context, string name, string setting, [NotNullWhen(false)] out string? error)
    {
        error = !secrets.MayReport(PeerOf(context), out string? own) ? "the certificate is not accepted any more"
            : own is not null && own != name ? $"the certificate belongs to {own}: write {setting} {own}"
            : null;
        return error is null;
    }

    // Nobody reports in the name of another's incarnation.
    private bool IsKnown(HttpContext context, IncarnationId incarnation) =>
        secrets.MayReport(PeerOf(context), out string? own) && registry.IsKnown(incarnation, own);

    private static ReadOnlySpan<byte> PeerOf(HttpContext context) =>
        context.Connection.ClientCertificate is { } certificate ? certificate.RawDataMemory.Span : [];

    /// <summary>True if the pipeline will take the message.</summary>
    private async Task<bool> EnqueueAsync(HttpContext context, IngestMessage message)
    {
        bool isTaken = await queue.TryAddAsync(message, _patience, context.RequestAborted).ConfigureAwait(false);
        if (isTaken)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return true;
        }
        counters.CountBusy();
        context.Response.Headers.RetryAfter = "1";
        await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "the collector is busy; send it again").ConfigureAwait(false);
        return false;
    }

    private async Task<T?> ReadJsonAsync<T>(HttpContext context, JsonTypeInfo<T> type, long largest) where T : class
    {
        Limit(context, largest);
        try
        {
            T? value = await JsonSerializer.DeserializeAsync(
                context.Request.Body, type, context.RequestAborted).ConfigureAwait(false);
            if (value is null)
                await RefuseAsync(context, StatusCodes.Status400BadRequest, "the body is null").ConfigureAwait(false);
            return value;
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest,
                $"the body is not the expected JSON: {malformed.Message}").ConfigureAwait(false);
        }
        catch (BadHttpRequestException tooMuch)
        {
            await RefuseAsync(context, tooMuch.StatusCode, tooMuch.Message).ConfigureAwait(false);
        }
        return null;
    }

    private async Task<int?> ReadBodyAsync(HttpContext context, Memory<byte> buffer, long largest)
    {
        Limit(context, largest);
        try
        {
            return await context.Request.Body.ReadAtLeastAsync(
                buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException tooMuch)
        {
            await RefuseAsync(context, tooMuch.StatusCode, tooMuch.Message).ConfigureAwait(false);
            return null;
        }
    }

    private async Task RefuseAsync(HttpContext context, int status, string reason)
    {
        counters.CountRefused();
        await AnswerAsync(context, status, reason).ConfigureAwait(false);
    }

    private async Task RefuseUnknownAsync(HttpContext context)
    {
        counters.CountUnknownAgent();
        await AnswerAsync(context, StatusCodes.Status404NotFound,
            $"this incarnation is not known: PUT {ExportRoutes.Agents} and its id first").ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }

    private static void Limit(HttpContext context, long largest) =>
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = largest;

    private static bool TryReadNumber(HttpContext context, string name, long most, out long number) =>
        long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number <= most;
}
