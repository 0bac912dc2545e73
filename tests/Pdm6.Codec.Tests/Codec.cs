using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Pdm6.Codec.Lines;
using Pdm6.Codec.Vectors;

namespace Pdm6.Codec.Tests;

/// <summary>One line in, one line out, without streams.</summary>
internal static class Codec
{
    /// <summary>A flow that sealed options of the tests belong to.</summary>
    public const string Flow =
        """{"source":"2001:db8::1","destination":"2001:db8::2","protocol":17,"sourcePort":5353,"destinationPort":53}""";

    /// <summary>Both secrets.</summary>
    public static CodecKeys Keys() => CodecKeys.OfKnownSecrets(Sample.BaseSecret, Sample.FrameKey);

    public static CodecKeys NoKeys() => CodecKeys.OfKnownSecrets(null, null);

    /// <summary>The answer of encode; true if it is hexadecimal digits.</summary>
    public static bool Encode(string line, out string answer, CodecKeys? keys = null)
    {
        using CodecKeys used = keys ?? Keys();
        return Answer(new LineEncoder(used), line, out answer);
    }

    /// <summary>The octets of an object, in hexadecimal digits.</summary>
    public static string Octets(string line, CodecKeys? keys = null)
    {
        Assert.True(Encode(line, out string answer, keys), answer);
        return answer;
    }

    /// <summary>The sentence of an object that cannot be encoded.</summary>
    public static string Error(string line, CodecKeys? keys = null)
    {
        Assert.False(Encode(line, out string answer, keys), answer);
        JsonObject error = JsonNode.Parse(answer)!.AsObject();
        Assert.Equal(["error"], error.Select(member => member.Key));
        return (string)error["error"]!;
    }

    /// <summary>The answer of decode.</summary>
    public static JsonObject Decode(string line, DecodeDefaults? defaults = null, CodecKeys? keys = null)
    {
        using CodecKeys used = keys ?? Keys();
        using LineDecoder decoder = new(used, defaults ?? new DecodeDefaults());
        Assert.True(Answer(decoder, line, out string answer));
        return JsonNode.Parse(answer)!.AsObject();
    }

    public static string Status(this JsonObject answer) => (string)answer["status"]!;

    public static bool Answer(ILineCodec codec, string line, out string answer)
    {
        ArrayBufferWriter<byte> octets = new();
        bool isDone = codec.Answer(Encoding.UTF8.GetBytes(line), octets);
        answer = Encoding.UTF8.GetString(octets.WrittenSpan);
        Assert.DoesNotContain('\n', answer);
        return isDone;
    }
}
