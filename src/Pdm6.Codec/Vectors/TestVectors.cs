using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pdm6.Codec.Objects;

namespace Pdm6.Codec.Vectors;

/// <summary>The project's own test vectors: every carriage, right and wrong, the same octets at every run.</summary>
public static class TestVectors
{
    private const string About =
        "Test vectors of pdm6. 'encode' is a line for 'pdm6 codec encode' and gives 'octets'; 'decode' is a line for "
        + "'pdm6 codec decode' and gives 'answer' ('error' left out), whose status is 'status'. 'pairSecret' and "
        + "'frameKey' are what the files of --pair-secret-file and --key-file hold. 'intermediate' shows the way from the "
        + "secrets to the octets. All octets in hexadecimal digits.";

    // Read by people and tools, never inside HTML: an apostrophe may stay one.
    private static readonly JsonWriterOptions s_format =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static IReadOnlyList<Vector> All { get; } =
    [
        .. OlderOptionVectors.All(), .. DestinationOptionVectors.All(), .. UdpOptionVectors.All(), .. FrameVectors.All(),
    ];

    /// <summary>Writes them as one JSON document, UTF-8, with a newline at its end.</summary>
    public static void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using (Utf8JsonWriter json = new(output, s_format))
        {
            json.WriteStartObject();
            json.WriteString("about"u8, About);
            json.WriteStartArray("vectors"u8);
            foreach (Vector vector in All)
                Write(json, vector);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    /// <summary>The line of decode for a vector.</summary>
    internal static string DecodeLineOf(Vector vector) =>
        $$"""{"hex":"{{Convert.ToHexStringLower(vector.Octets)}}"{{(vector.DecodeWith.Length > 0 ? "," : "")}}{{vector.DecodeWith}}}""";

    /// <summary>What decoding a vector answers.</summary>
    internal static JsonElement AnswerTo(Vector vector)
    {
        using CodecKeys keys = CodecKeys.OfKnownSecrets(vector.PairSecret, vector.FrameKey);
        using LineDecoder decoder = new(keys, new DecodeDefaults());
        ArrayBufferWriter<byte> answer = new();
        decoder.Answer(Encoding.UTF8.GetBytes(DecodeLineOf(vector)), answer);
        using JsonDocument document = JsonDocument.Parse(answer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, Vector vector)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, vector.Name);
        json.WriteString("about"u8, vector.About);
        if (vector.PairSecret is { } pairSecret)
            json.WriteHex("pairSecret"u8, pairSecret);
        if (vector.FrameKey is { } frameKey)
            json.WriteHex("frameKey"u8, frameKey);
        if (vector.Encode is { } encode)
            WriteObject(json, "encode", encode);
        if (vector.Intermediate.Count > 0)
            WriteIntermediate(json, vector);
        json.WriteHex("octets"u8, vector.Octets);
        WriteObject(json, "decode", DecodeLineOf(vector));
        json.WriteString("status"u8, AnswerJson.NameOf(vector.Status));
        WriteAnswer(json, AnswerTo(vector));
        json.WriteEndObject();
    }

    private static void WriteIntermediate(Utf8JsonWriter json, Vector vector)
    {
        json.WriteStartObject("intermediate"u8);
        foreach ((string name, byte[] value) in vector.Intermediate)
            json.WriteHex(Encoding.UTF8.GetBytes(name), value);
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, string name, string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        json.WritePropertyName(name);
        document.WriteTo(json);
    }

    private static void WriteAnswer(Utf8JsonWriter json, JsonElement answer)
    {
        json.WriteStartObject("answer"u8);
        foreach (JsonProperty member in answer.EnumerateObject().Where(member => !member.NameEquals("error"u8)))
            member.WriteTo(json);
        json.WriteEndObject();
    }
}
