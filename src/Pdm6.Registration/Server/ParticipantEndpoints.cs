using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Announcements;
using Pdm6.Wire;

namespace Pdm6.Registration.Server;

/// <summary>Who takes part and with which keys: enrolment, renewal, key bundles, analyzers, owners of addresses.</summary>
internal sealed class ParticipantEndpoints(
    Gate gate, RegistrarStore store, EnrollmentService enrollments, RenewalService renewals, KeyBundleService keys,
    byte[] authority, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(RegistrarRoutes.Authority, GetAuthorityAsync);
        routes.MapPost(RegistrarRoutes.Enrollments, EnrollAsync);
        routes.MapPost(RegistrarRoutes.Certificates, RenewAsync);
        routes.MapPut(RegistrarRoutes.Keys, PutKeysAsync);
        routes.MapGet(RegistrarRoutes.Analyzers, GetAnalyzersAsync);
        routes.MapGet(RegistrarRoutes.Owners + "{address}", GetOwnerAsync);
    }

    private async Task GetAuthorityAsync(HttpContext context)
    {
        if (await gate.AdmitStrangerAsync(context).ConfigureAwait(false))
            await Answers.SendAsync(context, new AuthorityAnswer(authority), RegistrarJson.Default.AuthorityAnswer).ConfigureAwait(false);
    }

    private async Task EnrollAsync(HttpContext context)
    {
        if (!await gate.AdmitStrangerAsync(context).ConfigureAwait(false))
            return;
        Decision<EnrollmentRequest> body = await Bodies.ReadAsync(
            context, RegistrarJson.Default.EnrollmentRequest, RegistrarLimits.LargestRequest).ConfigureAwait(false);
        Decision<EnrollmentOutcome> outcome = body.IsRefused
            ? body.Refusal
            : await enrollments.EnrollAsync(
                body.Result, context.Connection.RemoteIpAddress!, context.RequestAborted).ConfigureAwait(false);
        if (outcome.IsRefused)
            await gate.RefuseAsync(context, outcome.Refusal).ConfigureAwait(false);
        else if (outcome.Result.Enrolled is { } enrolled)
            await Answers.SendAsync(
                context, StatusCodes.Status201Created, enrolled, RegistrarJson.Default.EnrollmentAnswer).ConfigureAwait(false);
        else
            await Answers.SendAsync(
                context, StatusCodes.Status202Accepted, outcome.Result.Pending!, RegistrarJson.Default.PendingAnswer).ConfigureAwait(false);
    }

    private async Task RenewAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context).ConfigureAwait(false) is not { } caller)
            return;
        Decision<RenewalRequest> body = await Bodies.ReadAsync(
            context, RegistrarJson.Default.RenewalRequest, RegistrarLimits.LargestRequest).ConfigureAwait(false);
        Decision<RenewalAnswer> answer = body.IsRefused
            ? body.Refusal
            : await renewals.RenewAsync(caller, body.Result).ConfigureAwait(false);
        await gate.AnswerAsync(context, answer, RegistrarJson.Default.RenewalAnswer).ConfigureAwait(false);
    }

    private async Task PutKeysAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context).ConfigureAwait(false) is not { } caller)
            return;
        Decision<SignedEnvelope> body = await Bodies.ReadAsync(
            context, RegistrarJson.Default.SignedEnvelope, RegistrarLimits.LargestKeyBundle).ConfigureAwait(false);
        if ((body.IsRefused ? body.Refusal : await keys.PutAsync(caller, body.Result).ConfigureAwait(false)) is { } refusal)
            await gate.RefuseAsync(context, refusal).ConfigureAwait(false);
        else
            context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task GetAnalyzersAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context).ConfigureAwait(false) is not { } caller)
            return;
        Decision<IReadOnlyList<ParticipantKeys>> answer = await store.ReadAsync<Decision<IReadOnlyList<ParticipantKeys>>>(
            sql => Gate.Standing(sql, caller) is { } refusal ? refusal : KeyBundleTable.OfAnalyzers(sql),
            context.RequestAborted).ConfigureAwait(false);
        await gate.AnswerAsync(context, answer, RegistrarJson.Default.IReadOnlyListParticipantKeys).ConfigureAwait(false);
    }

    private async Task GetOwnerAsync(HttpContext context)
    {
        if (await gate.AdmitAsync(context).ConfigureAwait(false) is not { } caller)
            return;
        Decision<ParticipantKeys> answer = Ipv6Address.TryParse(context.Request.RouteValues["address"] as string, out Ipv6Address address)
            ? await store.ReadAsync(sql => Owner(sql, caller, address), context.RequestAborted).ConfigureAwait(false)
            : Refusal.Malformed("The path ends with an IPv6 address, without a zone.");
        await gate.AnswerAsync(context, answer, RegistrarJson.Default.ParticipantKeys).ConfigureAwait(false);
    }

    private Decision<ParticipantKeys> Owner(SqlSession sql, Caller caller, Ipv6Address address)
    {
        if (Gate.Standing(sql, caller) is { } refusal)
            return refusal;
        return KeyBundleTable.OfOwner(sql, AnnouncementService.Octets(address), time.UnixNs()) is { } owner
            ? owner
            : new Refusal(StatusCodes.Status404NotFound, ErrorCodes.NoOwner, $"No endpoint has announced {address}: nothing is sent to it.");
    }
}
