using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>What participants tell each other by way of the registrar: announcements, grants, and the feed.</summary>
internal sealed class RelayEndpoints(
    Gate gate, RegistrarStore store, AnnouncementService announcements, GrantService grants, FeedService feed)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(RegistrarRoutes.Announcements, AnnounceAsync);
        routes.MapPost(RegistrarRoutes.Grants, GrantAsync);
        routes.MapGet(RegistrarRoutes.Feed, GetFeedAsync);
        routes.MapGet(RegistrarRoutes.MyAnnouncements, GetMineAsync);
    }

    private async Task AnnounceAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context, Role.Endpoint).ConfigureAwait(false) is not { } caller)
            return;
        Decision<SignedEnvelope> body = await Bodies.ReadAsync(
            context, RegistrarJson.Default.SignedEnvelope, RegistrarLimits.LargestAnnouncement).ConfigureAwait(false);
        Decision<VersionAnswer> answer = body.IsRefused
            ? body.Refusal
            : await announcements.PutAsync(caller, body.Result).ConfigureAwait(false);
        await gate.AnswerAsync(context, answer, RegistrarJson.Default.VersionAnswer).ConfigureAwait(false);
    }

    private async Task GrantAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context, Role.Endpoint).ConfigureAwait(false) is not { } caller)
            return;
        Decision<IReadOnlyList<SignedEnvelope>> body = await Bodies.ReadAsync(
            context, RegistrarJson.Default.IReadOnlyListSignedEnvelope, RegistrarLimits.LargestGrants).ConfigureAwait(false);
        Decision<VersionAnswer> answer = body.IsRefused
            ? body.Refusal
            : await grants.PutAsync(caller, body.Result!).ConfigureAwait(false);
        await gate.AnswerAsync(context, answer, RegistrarJson.Default.VersionAnswer).ConfigureAwait(false);
    }

    private async Task GetFeedAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context).ConfigureAwait(false) is not { } caller)
            return;
        Decision<FeedPage> answer =
            TryReadNumber(context, "after", out long after) && TryReadNumber(context, "waitSeconds", out long wait)
            && wait <= RegistrarLimits.LongestWaitSeconds
                ? await feed.ReadAsync(caller, after, TimeSpan.FromSeconds(wait), context.RequestAborted).ConfigureAwait(false)
                : Refusal.Malformed($"Say after (a version) and waitSeconds (0 to {RegistrarLimits.LongestWaitSeconds}).");
        await gate.AnswerAsync(context, answer, RegistrarJson.Default.FeedPage).ConfigureAwait(false);
    }

    private async Task GetMineAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context, Role.Analyzer).ConfigureAwait(false) is not { } caller)
            return;
        Decision<ArchivePage> answer =
            TryReadNumber(context, "from", out long from) && TryReadNumber(context, "to", out long to)
            && TryReadNumber(context, "after", out long after)
                ? await store.ReadAsync<Decision<ArchivePage>>(
                    sql => Gate.Standing(sql, caller) is { } refusal
                        ? refusal
                        : ArchiveReader.Read(sql, caller.Fingerprint, from, to, after), context.RequestAborted).ConfigureAwait(false)
                : Refusal.Malformed("Say from and to (nanoseconds since 1970) and after (a version, 0 first).");
        await gate.AnswerAsync(context, answer, RegistrarJson.Default.ArchivePage).ConfigureAwait(false);
    }

    private static bool TryReadNumber(HttpContext context, string name, out long number) =>
        long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
