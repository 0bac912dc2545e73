using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Security.Announcements;

/// <summary>A key's identifier as a JSON string of 64 hexadecimal digits.</summary>
public sealed class HpkeKeyIdJsonConverter : JsonConverter<HpkeKeyId>
{
    private const int TextLength = 2 * HpkeKeyId.Size;

    /// <inheritdoc/>
    public override HpkeKeyId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[TextLength];
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence
            || reader.ValueIsEscaped || reader.ValueSpan.Length != TextLength
            || !HpkeKeyId.TryParse(text[..reader.CopyString(text)], out HpkeKeyId id))
            throw new JsonException("A key's identifier is a string of 64 hexadecimal digits.");
        return id;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, HpkeKeyId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
