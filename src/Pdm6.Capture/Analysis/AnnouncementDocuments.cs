using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Pdm6.Security;
using Pdm6.Security.Announcements;

namespace Pdm6.Capture.Analysis;

/// <summary>Files of announcements: a JSON array, or one object after the other, as in JSON Lines.</summary>
public static class AnnouncementDocuments
{
    /// <summary>Takes a file apart; never throws for what is in it.</summary>
    /// <param name="json">The file.</param>
    /// <param name="documents">What is in it.</param>
    /// <param name="error">One line that says what is wrong.</param>
    public static bool TrySplit(
        ReadOnlyMemory<byte> json,
        [NotNullWhen(true)] out IReadOnlyList<AnnouncementDocument>? documents, [NotNullWhen(false)] out string? error)
    {
        documents = null;
        List<AnnouncementDocument> found = [];
        Utf8JsonReader reader = new(json.Span, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray && reader.CurrentDepth == 0 || reader.TokenType == JsonTokenType.EndArray)
                    continue;
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (!TryRead(json[start..(int)reader.BytesConsumed], out AnnouncementDocument document, out error))
                    return false;
                found.Add(document);
            }
        }
        catch (JsonException malformed)
        {
            error = $"These are no announcements: {malformed.Message}";
            return false;
        }
        if (found.Count == 0 && json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            error = "These are no announcements: there is nothing.";
            return false;
        }
        documents = found;
        error = null;
        return true;
    }

    private static bool TryRead(ReadOnlyMemory<byte> json, out AnnouncementDocument document, [NotNullWhen(false)] out string? error)
    {
        SignedEnvelope? envelope = null;
        Announcement? announcement = null;
        // What has a signature is an envelope; whether it is a good one is for the envelope to say.
        bool isRead = HasMember(json.Span, "signature"u8)
            ? SignedEnvelope.TryParse(json.Span, out envelope, out error)
            : Announcement.TryParse(json.Span, out announcement, out error);
        document = new AnnouncementDocument(json, envelope, announcement);
        return isRead;
    }

    private static bool HasMember(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        Utf8JsonReader reader = new(json);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(name))
                return true;
        return false;
    }
}
