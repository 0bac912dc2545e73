using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Security;

/// <summary>An ExID as a JSON number from 1 to 65535: <see cref="Announcement.ExId"/> takes 0 for not said.</summary>
public sealed class ExIdJsonConverter : JsonConverter<ushort>
{
    /// <inheritdoc/>
    public override ushort Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt16(out ushort exId) && exId != 0
            ? exId
            : throw new JsonException("An ExID is a number from 1 to 65535.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ushort value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value);
    }
}
