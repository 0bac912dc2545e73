using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Security;

/// <summary>Carriages as a JSON array of their numbers, each at most once: <c>[0, 1]</c>.</summary>
public sealed class CarriageListJsonConverter : JsonConverter<Carriages>
{
    /// <summary>Carriages that there are: numbers from 0 on.</summary>
    internal const int Known = 5;

    /// <inheritdoc/>
    public override Carriages Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("Carriages are an array.");
        Carriages carriages = Carriages.None;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetByte(out byte number)
                || number >= Known)
                throw new JsonException($"A carriage is a number from 0 to {Known - 1}.");
            Carriages carriage = (Carriages)(1 << number);
            if ((carriages & carriage) != 0)
                throw new JsonException("A carriage is named twice.");
            carriages |= carriage;
        }
        return carriages == Carriages.None ? throw new JsonException("There is no carriage.") : carriages;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Carriages value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        for (int carriage = 0; carriage < Known; carriage++)
            if (((int)value >> carriage & 1) != 0)
                writer.WriteNumberValue(carriage);
        writer.WriteEndArray();
    }
}
