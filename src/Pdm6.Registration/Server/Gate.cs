using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>Who comes in: identifies callers, limits how much each may ask, and turns away with a reason.</summary>
internal sealed class Gate(CallerIdentification identification, RegistrarRates rates, RefusalLog refusals, TimeProvider time)
{
    private readonly RateLimit<ClientNetwork> _strangers = new(rates.StrangersPerSecond, rates.StrangersAtOnce, time);
    private readonly RateLimit<Fingerprint> _participants = new(rates.ParticipantsPerSecond, rates.ParticipantsAtOnce, time);

    /// <summary>The caller, or null: then it has been told why not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="role">The role that the route asks for; null for any.</param>
    public async ValueTask<Caller?> AdmitAsync(HttpContext context, Role? role = null)
    {
        Decision<Caller> identified = identification.Identify(context);
        if (identified.IsRefused)
        {
            if (await AdmitStrangerAsync(context).ConfigureAwait(false))
                await RefuseAsync(context, identified.Refusal).ConfigureAwait(false);
            return null;
        }
        Caller caller = identified.Result;
        if (!_participants.TryTake(caller.Fingerprint, out int waitSeconds))
        {
            await RefuseAsync(context, TooMuch(context, waitSeconds)).ConfigureAwait(false);
            return null;
        }
        if (role is not null && caller.Certificate.Role != role)
        {
            await RefuseAsync(context, Refusal.Forbidden(
                ErrorCodes.WrongRole,
                $"Only an {RoleText.Of(role.Value)} may ask this, and {caller.Certificate.Name} is an {RoleText.Of(caller.Certificate.Role)}: use the identity of the other role.")).ConfigureAwait(false);
            return null;
        }
        return caller;
    }

    /// <summary>True if one more request without a certificate may come in; else it has been told why not.</summary>
    public async ValueTask<bool> AdmitStrangerAsync(HttpContext context)
    {
        if (_strangers.TryTake(ClientNetwork.Of(context.Connection.RemoteIpAddress), out int waitSeconds))
            return true;
        await RefuseAsync(context, TooMuch(context, waitSeconds)).ConfigureAwait(false);
        return false;
    }

    /// <summary>Why the store does not let a caller do anything; null if it does.</summary>
    public static Refusal? Standing(SqlSession sql, Caller caller) => Standing(ParticipantTable.Find(sql, caller.Fingerprint));

    /// <inheritdoc cref="Standing(SqlSession, Caller)"/>
    public static Refusal? Standing(StoredParticipant? participant) => participant?.State switch
    {
        null => Refusal.Unknown,
        ParticipantState.Revoked => Refusal.Revoked,
        _ => null,
    };

    /// <summary>Sends the result, or why there is none.</summary>
    public Task AnswerAsync<T>(HttpContext context, Decision<T> decision, JsonTypeInfo<T> type) => decision.IsRefused
        ? RefuseAsync(context, decision.Refusal)
        : Answers.SendAsync(context, decision.Result, type);

    /// <summary>Tells the caller why not, and counts it.</summary>
    public Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        refusals.Add(refusal.Code, Who(context), refusal.Message);
        return Answers.SendAsync(
            context, refusal.Status, new ErrorAnswer(refusal.Code, refusal.Message), RegistrarJson.Default.ErrorAnswer);
    }

    /// <summary>Tells the operator what the store's trouble is.</summary>
    public void Report(StoreUnavailableException trouble) => refusals.Add("store", "everybody", trouble.Message);

    private static Refusal TooMuch(HttpContext context, int waitSeconds)
    {
        context.Response.Headers.RetryAfter = waitSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new Refusal(
            StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, $"Too many requests: come back in {waitSeconds} s.");
    }

    private string Who(HttpContext context)
    {
        Decision<Caller> caller = identification.Identify(context);
        return caller.IsRefused ? $"{context.Connection.RemoteIpAddress}" : $"{caller.Result.Certificate.Name} at {context.Connection.RemoteIpAddress}";
    }
}
