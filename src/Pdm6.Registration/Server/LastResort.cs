using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>What no path has an answer for: paths and methods that there are not, bodies too long or too slow, a store
/// that is away. All of it in the form of every other refusal.</summary>
internal sealed class LastResort(Gate gate)
{
    private static readonly FrozenDictionary<int, Refusal> _refusals = new[]
    {
        new Refusal(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "There is no such path: check that client and registrar are of the same version."),
        new Refusal(StatusCodes.Status405MethodNotAllowed, ErrorCodes.MethodNotAllowed, "The path takes another method: check that client and registrar are of the same version."),
        new Refusal(StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooLarge, "The body is too long: send less at once."),
    }.ToFrozenDictionary(refusal => refusal.Status);

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await gate.RefuseAsync(context, _refusals.GetValueOrDefault(bad.StatusCode)
                ?? new Refusal(bad.StatusCode, ErrorCodes.Malformed, $"{bad.Message.TrimEnd('.')}: send the request again.")).ConfigureAwait(false);
        }
        catch (StoreUnavailableException trouble) when (!context.Response.HasStarted)
        {
            context.Response.Headers.RetryAfter = "1";
            // What the database says is for the operator, who finds it in the log, not for whoever asks.
            gate.Report(trouble);
            await gate.RefuseAsync(context, new Refusal(
                StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, "The registrar's store is busy or away: the same again in a second.")).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to tell.
            return;
        }
        // Routing's own answers have a status and nothing else.
        if (!context.Response.HasStarted && context.Response.ContentType is null
            && _refusals.TryGetValue(context.Response.StatusCode, out Refusal? refusal))
            await gate.RefuseAsync(context, refusal).ConfigureAwait(false);
    }
}
