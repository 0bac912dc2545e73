using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pdm6.Codec.Objects;
using Pdm6.Security.Announcements;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>The project's own test vectors of registration: announcements, grants and key bundles, right and wrong, the
/// same octets at every run.</summary>
public static class RegistrationVectors
{
    private const string About =
        "Test vectors of pdm6's registration (docs/registration.md). Each has an envelope as on the wire, what it is taken for "
        + "('kind'), when ('nowUnixNs'), the last sequence known of the sender ('lastSequence', if any), and the verdict: "
        + "'accepted' or why not. 'opens' says what each participant's HPKE key opens of an accepted one. 'sealing' has the "
        + "values on the way, an object for each sealed item. Octets are hexadecimal digits, but base64 inside envelopes. "
        + "Signatures follow from the message (RFC 6979). The keys protect nothing.";

    private static readonly JsonWriterOptions s_format =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static IReadOnlyList<RegistrationVector> All { get; } =
        [.. AnnouncementVectors.All(), .. GrantVectors.All(), .. KeyBundleVectors.All()];

    /// <summary>Writes them as one JSON document, UTF-8, with a newline at its end.</summary>
    public static void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using (Utf8JsonWriter json = new(output, s_format))
        {
            json.WriteStartObject();
            json.WriteString("about"u8, About);
            json.WriteHex("authority"u8, RegistrationSample.Authority.Certificate.Der.Span);
            json.WriteStartArray("participants"u8);
            foreach (StatedParticipant participant in RegistrationSample.Participants)
                Write(json, participant);
            json.WriteEndArray();
            json.WriteStartArray("vectors"u8);
            foreach (RegistrationVector vector in All)
                Write(json, vector);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    /// <summary>A refusal as the document names it.</summary>
    internal static string NameOf(EnvelopeRefusal refusal) =>
        refusal == EnvelopeRefusal.None ? "accepted" : JsonNamingPolicy.KebabCaseLower.ConvertName(refusal.ToString());

    private static void Write(Utf8JsonWriter json, StatedParticipant participant)
    {
        byte[] hpke = new byte[participant.Hpke.Size];
        participant.Hpke.Export(hpke);
        json.WriteStartObject();
        json.WriteString("name"u8, participant.Name);
        json.WriteString("role"u8, JsonNamingPolicy.KebabCaseLower.ConvertName(participant.Role.ToString()));
        json.WriteHex("certificate"u8, participant.Der);
        json.WriteString("certificateHash"u8, participant.CertificateHash.ToString());
        json.WriteHex("identityPrivateKey"u8, participant.Identity.Scalar);
        json.WriteHex("hpkePrivateKey"u8, hpke);
        json.WriteHex("hpkePublicKey"u8, participant.Hpke.PublicKey.Octets);
        json.WriteString("keyId"u8, participant.Hpke.PublicKey.KeyId.ToString());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RegistrationVector vector)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, vector.Name);
        json.WriteString("about"u8, vector.About);
        json.WriteString("kind"u8, JsonNamingPolicy.KebabCaseLower.ConvertName(vector.Kind.ToString()));
        json.WriteNumber("nowUnixNs"u8, vector.NowUnixNs);
        if (vector.LastSequence is { } last)
            json.WriteNumber("lastSequence"u8, last);
        json.WritePropertyName("envelope"u8);
        json.WriteRawValue(vector.Envelope.ToJson());
        json.WriteString("verdict"u8, NameOf(vector.Verdict));
        if (vector.Opens.Count > 0)
            WriteOpens(json, vector);
        if (vector.Sealing.Count > 0)
            WriteSealing(json, vector);
        json.WriteEndObject();
    }

    private static void WriteOpens(Utf8JsonWriter json, RegistrationVector vector)
    {
        json.WriteStartObject("opens"u8);
        foreach ((string participant, byte[]? secret) in vector.Opens)
            if (secret is null)
                json.WriteNull(participant);
            else
                json.WriteHex(Encoding.ASCII.GetBytes(participant), secret);
        json.WriteEndObject();
    }

    private static void WriteSealing(Utf8JsonWriter json, RegistrationVector vector)
    {
        json.WriteStartArray("sealing"u8);
        foreach (SealingSteps sealing in vector.Sealing)
        {
            json.WriteStartObject();
            foreach ((string name, byte[] value) in sealing.Steps)
                json.WriteHex(Encoding.ASCII.GetBytes(name), value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
