using System.Text.Json;
using System.Text.Json.Serialization;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>One address as a JSON string of RFC 5952.</summary>
public sealed class Ipv6AddressJsonConverter : JsonConverter<Ipv6Address>
{
    // The longest text of an address: eight groups of four, the last two as an IPv4 address.
    private const int LongestText = 45;

    /// <inheritdoc/>
    public override Ipv6Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[LongestText];
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueIsEscaped
            || reader.ValueSpan.Length > LongestText
            || !Ipv6Address.TryParse(text[..reader.CopyString(text)], out Ipv6Address address))
            throw new JsonException("An address is a string of RFC 4291.");
        return address;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Ipv6Address value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
