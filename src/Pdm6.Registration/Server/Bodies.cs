using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pdm6.Registration.Server;

/// <summary>Reads bodies of bounded length.</summary>
internal static class Bodies
{
    /// <summary>The body, or why it is none. A body that is too long ends in the server's own refusal (413), one that
    /// comes too slowly too (408).</summary>
    public static async Task<Decision<T>> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, long largest) where T : class
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = largest;
        try
        {
            T? value = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false);
            return value is null ? Refusal.Malformed("The body is null: send what this path takes.") : value;
        }
        catch (JsonException malformed)
        {
            return Refusal.Malformed($"The body is not the expected JSON (at {malformed.Path ?? "its begin"}): see docs/registrar.md.");
        }
    }
}
