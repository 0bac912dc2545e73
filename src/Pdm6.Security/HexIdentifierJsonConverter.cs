using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Security;

/// <summary>An identifier as a JSON string of 32 hexadecimal digits.</summary>
/// <typeparam name="T">The identifier.</typeparam>
public sealed class HexIdentifierJsonConverter<T> : JsonConverter<T>
    where T : struct, IHexIdentifier<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[HexIdentifier.TextLength];
        // An escaped digit takes six octets, so the raw length is checked before anything is copied out.
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence
            || reader.ValueIsEscaped || reader.ValueSpan.Length != HexIdentifier.TextLength
            || !HexIdentifier.TryParse(text[..reader.CopyString(text)], out UInt128 value))
            throw new JsonException("An identifier is a string of 32 hexadecimal digits.");
        return T.From(value);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(HexIdentifier.Format(value.Value));
    }
}
