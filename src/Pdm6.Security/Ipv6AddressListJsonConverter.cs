using System.Text.Json;
using System.Text.Json.Serialization;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>Addresses as a JSON array of RFC 5952 strings, at most <see cref="Announcement.MostAddresses"/>.</summary>
public sealed class Ipv6AddressListJsonConverter : JsonConverter<IReadOnlyList<Ipv6Address>>
{
    // The longest text of an address: eight groups of four, the last two as an IPv4 address.
    private const int LongestText = 45;

    /// <inheritdoc/>
    public override IReadOnlyList<Ipv6Address> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("Addresses are an array of strings.");
        List<Ipv6Address> addresses = [];
        Span<char> text = stackalloc char[LongestText];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (addresses.Count == Announcement.MostAddresses)
                throw new JsonException($"More than {Announcement.MostAddresses} addresses.");
            if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence
                || reader.ValueIsEscaped || reader.ValueSpan.Length > LongestText
                || !Ipv6Address.TryParse(text[..reader.CopyString(text)], out Ipv6Address address))
                throw new JsonException("An address is not RFC 4291 text.");
            addresses.Add(address);
        }
        return addresses;
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer, IReadOnlyList<Ipv6Address> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartArray();
        foreach (Ipv6Address address in value)
            writer.WriteStringValue(address.ToString());
        writer.WriteEndArray();
    }
}
