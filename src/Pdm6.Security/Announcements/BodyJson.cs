using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pdm6.Security.Announcements;

/// <summary>Reads the documents of this folder.</summary>
internal static class BodyJson
{
    /// <summary>Reads JSON from anywhere; never throws for what is in it.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="type">What it must be.</param>
    /// <param name="name">What people call that.</param>
    /// <param name="value">The value.</param>
    /// <param name="error">One line that says what is wrong.</param>
    public static bool TryRead<T>(
        ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string name,
        [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? error)
        where T : class
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type);
            error = value is null ? $"Not a {name}: null." : null;
        }
        catch (JsonException malformed)
        {
            value = null;
            error = $"Not a {name}: {malformed.Message}";
        }
        return value is not null;
    }
}
