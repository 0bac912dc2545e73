using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Security.Announcements;

/// <summary>Recipients as a JSON array of key identifiers, at most <see cref="SealedAnnouncement.MostRecipients"/>, none
/// twice.</summary>
public sealed class RecipientListJsonConverter : JsonConverter<IReadOnlyList<HpkeKeyId>>
{
    private static readonly HpkeKeyIdJsonConverter s_one = new();

    /// <inheritdoc/>
    public override IReadOnlyList<HpkeKeyId> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("Recipients are an array of strings.");
        List<HpkeKeyId> recipients = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            HpkeKeyId recipient = s_one.Read(ref reader, typeof(HpkeKeyId), options);
            if (recipients.Contains(recipient))
                throw new JsonException("A recipient is named twice.");
            if (recipients.Count == SealedAnnouncement.MostRecipients)
                throw new JsonException($"More than {SealedAnnouncement.MostRecipients} recipients.");
            recipients.Add(recipient);
        }
        return recipients;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<HpkeKeyId> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartArray();
        foreach (HpkeKeyId recipient in value)
            s_one.Write(writer, recipient, options);
        writer.WriteEndArray();
    }
}
