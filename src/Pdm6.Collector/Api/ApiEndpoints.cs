using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pdm6.Collector.Ingest;
using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Measurement;

namespace Pdm6.Collector.Api;

/// <summary>What people and programs may ask: see the README for the list.</summary>
internal sealed class ApiEndpoints(
    CollectorPipeline pipeline, IngestQueue queue, IngestCounters ingest, Store store, StoreWriter writer,
    TimeProvider time)
{
    private const long LongestPeriodSeconds = 3660L * 24 * 3600;
    private const long MostSteps = 4000;
    private const long MostFlows = 1000;
    private const long MostRounds = 10_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly GroupQuery _query = new(store, time);
    private readonly ProbeQuery _probes = new(store, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/groups", GetGroupsAsync);
        routes.MapGet("/v1/groups/{name}/windows", GetWindowsAsync);
        routes.MapGet("/v1/flows", GetFlowsAsync);
        routes.MapGet("/v1/agents", GetAgentsAsync);
        routes.MapGet("/v1/totals", GetTotalsAsync);
        routes.MapGet(ExportRoutes.Probes, GetProbesAsync);
        routes.MapGet(ExportRoutes.Probes + "/rounds", GetProbeRoundsAsync);
        routes.MapGet("/v1/announcements/all", GetAnnouncementsAsync);
        routes.MapGet("/v1/envelopes", GetEnvelopesAsync);
        routes.MapPost("/v1/flush", FlushAsync);
    }

    private Task GetGroupsAsync(HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("seconds"))
            return AnswerAsync(context, writer.Published.Groups, ApiJson.Default.IReadOnlyListGroupView);
        return TryReadNumber(context, "seconds", 1, LongestPeriodSeconds, null, out long seconds)
            ? AnswerAsync(context, _query.Groups(seconds), ApiJson.Default.IReadOnlyListGroupView)
            : RefuseAsync(context, "seconds is a whole number from 1; without it the answer covers the whole run");
    }

    private Task GetWindowsAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        if (!TryReadNumber(context, "seconds", 1, LongestPeriodSeconds, 120, out long seconds)
            || !TryReadNumber(context, "step", 1, LongestPeriodSeconds, 1, out long step) || seconds / step > MostSteps)
            return RefuseAsync(context, $"seconds and step are whole numbers from 1, with at most {MostSteps} steps");
        return AnswerAsync(context, _query.Windows(name, seconds, step), ApiJson.Default.IReadOnlyListWindowView);
    }

    private async Task GetFlowsAsync(HttpContext context)
    {
        if (!TryReadNumber(context, "limit", 1, MostFlows, 50, out long limit))
        {
            await RefuseAsync(context, $"limit is a whole number from 1 to {MostFlows}").ConfigureAwait(false);
            return;
        }
        TaskCompletionSource<IReadOnlyList<FlowView>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IngestMessage.Call question = new(() => answer.SetResult(pipeline.BusiestFlows((int)limit)));
        if (await queue.TryAddAsync(question, _patience, context.RequestAborted).ConfigureAwait(false))
            await AnswerAsync(
                context, await answer.Task.WaitAsync(context.RequestAborted).ConfigureAwait(false),
                ApiJson.Default.IReadOnlyListFlowView).ConfigureAwait(false);
        else
            await BusyAsync(context).ConfigureAwait(false);
    }

    private Task GetAgentsAsync(HttpContext context)
    {
        ulong now = time.UnixNs();
        return AnswerAsync(
            context,
            [.. writer.Published.Agents
                .OrderByDescending(agent => agent.Description.Announcement.NotAfterUnixNs > now)
                .ThenByDescending(agent => agent.LastSeenUnixNs)
                .Select(agent => AgentView.Of(agent, now))],
            ApiJson.Default.IReadOnlyListAgentView);
    }

    private Task GetTotalsAsync(HttpContext context)
    {
        RunSnapshot run = writer.Published;
        RunCounters counters = run.Counters;
        return AnswerAsync(
            context,
            new TotalsView(
                counters[RunCounter.Observations], counters[RunCounter.Opened], counters[RunCounter.AuthenticationFailed],
                counters[RunCounter.NoKey], counters[RunCounter.WrongEpoch], counters[RunCounter.Malformed],
                counters[RunCounter.UnknownVersion], counters[RunCounter.Clear], counters[RunCounter.NotAhead],
                run.Waiting, counters[RunCounter.RingLost], counters[RunCounter.ExportLost],
                run.Groups.Sum(group => group.Lost), counters[RunCounter.RepeatedBatches],
                counters[RunCounter.UnknownAgentObservations], ingest.Refused,
                $"{100 * LatencyHistogram.RelativeError:0.0} %"),
            ApiJson.Default.TotalsView);
    }

    private Task GetProbesAsync(HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("seconds"))
            return AnswerAsync(context, _probes.Pairs(), ApiJson.Default.IReadOnlyListProbeView);
        return TryReadNumber(context, "seconds", 1, LongestPeriodSeconds, null, out long seconds)
            ? AnswerAsync(context, _probes.Pairs(seconds), ApiJson.Default.IReadOnlyListProbeView)
            : RefuseAsync(context, "seconds is a whole number from 1; without it the answer covers all rounds");
    }

    private Task GetProbeRoundsAsync(HttpContext context) =>
        TryReadNumber(context, "seconds", 1, LongestPeriodSeconds, 3600, out long seconds)
        && TryReadNumber(context, "limit", 1, MostRounds, 1000, out long limit)
            ? AnswerAsync(context, _probes.Rounds(seconds, limit), ApiJson.Default.IReadOnlyListProbeRoundView)
            : RefuseAsync(context, $"seconds is a whole number from 1, limit one from 1 to {MostRounds}");

    private Task GetAnnouncementsAsync(HttpContext context) => ListAsync(context, store.ReadAnnouncements());

    private Task GetEnvelopesAsync(HttpContext context) => ListAsync(context, store.ReadEnvelopes());

    // Each of them is JSON already, as the store keeps it.
    private static Task ListAsync(HttpContext context, IReadOnlyList<string> elements)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync($"[{string.Join(",\n", elements)}]\n", context.RequestAborted);
    }

    private async Task FlushAsync(HttpContext context)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (await queue.TryAddAsync(new IngestMessage.Flush(done), _patience, context.RequestAborted).ConfigureAwait(false))
        {
            await done.Task.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
            await BusyAsync(context).ConfigureAwait(false);
    }

    private static Task AnswerAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);

    private static Task RefuseAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }

    private static Task BusyAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync("the collector is busy or stopping; ask again\n", context.RequestAborted);
    }

    private static bool TryReadNumber(
        HttpContext context, string name, long least, long most, long? unset, out long number)
    {
        number = unset ?? 0;
        return (unset is not null && !context.Request.Query.ContainsKey(name))
            || (long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number >= least && number <= most);
    }
}
