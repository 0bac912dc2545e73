using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Pdm6.Registration.Server;

/// <summary>Sends JSON with its length, so that the client knows where it ends.</summary>
internal static class Answers
{
    public static Task SendAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        byte[] json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(answer, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    public static Task SendAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type) =>
        SendAsync(context, StatusCodes.Status200OK, answer, type);
}
