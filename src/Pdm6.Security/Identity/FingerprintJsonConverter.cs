using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Security.Identity;

/// <summary>A fingerprint as a JSON string of 64 hexadecimal digits.</summary>
public sealed class FingerprintJsonConverter : JsonConverter<Fingerprint>
{
    /// <inheritdoc/>
    public override Fingerprint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[Fingerprint.TextLength];
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence
            || reader.ValueIsEscaped || reader.ValueSpan.Length != Fingerprint.TextLength
            || !Fingerprint.TryParse(text[..reader.CopyString(text)], out Fingerprint fingerprint))
            throw new JsonException("A fingerprint is a string of 64 hexadecimal digits.");
        return fingerprint;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Fingerprint value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
