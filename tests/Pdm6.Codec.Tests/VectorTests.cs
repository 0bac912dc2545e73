using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pdm6.Codec.Objects;
using Pdm6.Codec.Vectors;

namespace Pdm6.Codec.Tests;

/// <summary>The committed vectors are what the program prints, and the codec agrees with each.</summary>
public sealed class VectorTests
{
    private static readonly byte[] s_committed =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "pdm6_vectors.json"));

    private static readonly Dictionary<string, JsonElement> s_vectors = ReadCommitted();

    public static TheoryData<string> Names => [.. s_vectors.Keys];

    public static TheoryData<string> EncodableNames =>
        [.. s_vectors.Where(vector => vector.Value.TryGetProperty("encode", out _)).Select(vector => vector.Key)];

    [Fact]
    public void Committed_PrintedAgain_IsFresh()
    {
        ArrayBufferWriter<byte> printed = new();
        TestVectors.Write(printed);
        Assert.True(
            printed.WrittenSpan.SequenceEqual(s_committed),
            "vectors/pdm6_vectors.json is stale: run 'pdm6 vectors > vectors/pdm6_vectors.json' and look at the difference.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_Vector_GivesItsStatusAndAnswer(string name)
    {
        JsonElement vector = s_vectors[name];
        JsonObject answer = Codec.Decode(
            vector.GetProperty("decode").GetRawText(),
            keys: CodecKeys.OfKnownSecrets(Octets(vector, "pairSecret"), Octets(vector, "frameKey")));
        Assert.Equal(vector.GetProperty("status").GetString(), answer.Status());
        answer.Remove("error");
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(vector.GetProperty("answer").GetRawText()), answer), answer.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(EncodableNames))]
    public void Encode_Vector_GivesItsOctets(string name)
    {
        JsonElement vector = s_vectors[name];
        string octets = Codec.Octets(
            vector.GetProperty("encode").GetRawText(),
            CodecKeys.OfKnownSecrets(Octets(vector, "pairSecret"), Octets(vector, "frameKey")));
        Assert.Equal(vector.GetProperty("octets").GetString(), octets);
    }

    [Fact]
    public void Vectors_StatusesMeant_AreThoseOfTheCodec() => Assert.All(
        TestVectors.All,
        vector => Assert.Equal(
            AnswerJson.NameOf(vector.Status), TestVectors.AnswerTo(vector).GetProperty("status").GetString()));

    [Fact]
    public void Vectors_EveryCarriageAndStatus_IsThere()
    {
        Assert.Equal(128, s_vectors.Count);
        Assert.Equal(49, EncodableNames.Count);
        (string?, string?)[] all = [.. s_vectors.Values.Select(vector => (
            vector.GetProperty("answer").GetProperty("carriage").GetString(), vector.GetProperty("status").GetString()))];
        string[] sealedStatuses = ["ok", "malformed", "unknown-version", "authentication-failed", "no-key"];
        foreach (string carriage in (string[])["destopt-v2", "udp-option", "udp-frame"])
            Assert.All(sealedStatuses, status => Assert.Contains((carriage, status), all));
        foreach (string carriage in CodecCarriages.Names)
            Assert.Contains((carriage, "ok"), all);
    }

    [Fact]
    public void Vectors_PacketOfTheReport_HasTheFieldsOfItsList()
    {
        JsonElement vector = s_vectors["udp-frame, the packet of the hackathon report"];
        byte[] octets = Octets(vector, "octets")!;
        Assert.Equal(56, octets.Length); // 64 with the UDP header
        Assert.Equal((byte[])[2, 3, 0, 0, 0, 0, 0, 1], octets[..8]);
        Assert.Equal((byte[])[0, 0, 0, 8], octets[28..32]);
        Assert.Equal("006400046b6d6f64", vector.GetProperty("intermediate").GetProperty("plaintext").GetString());
    }

    private static byte[]? Octets(JsonElement vector, string name) =>
        vector.TryGetProperty(name, out JsonElement value) ? Convert.FromHexString(value.GetString()!) : null;

    private static Dictionary<string, JsonElement> ReadCommitted()
    {
        using JsonDocument document = JsonDocument.Parse(s_committed);
        return document.RootElement.GetProperty("vectors").EnumerateArray()
            .ToDictionary(vector => vector.GetProperty("name").GetString()!, vector => vector.Clone());
    }
}
