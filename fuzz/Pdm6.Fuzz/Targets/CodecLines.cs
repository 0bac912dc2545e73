using System.Buffers;
using System.Text;
using System.Text.Json;
using Pdm6.Codec;
using Pdm6.Fuzz.Engine;

namespace Pdm6.Fuzz.Targets;

/// <summary>Lines of the codec that its targets begin with, and the codec itself with the lab's keys.</summary>
internal sealed class CodecLines
{
    private readonly LineEncoder _encoder;
    private readonly LineDecoder _decoder;

    public CodecLines()
    {
        CodecKeys keys = LabKeys.ForCodec();
        _encoder = new LineEncoder(keys);
        _decoder = new LineDecoder(keys, new DecodeDefaults(Flow: Samples.Flow));
    }

    /// <summary>One object for each carriage.</summary>
    public static IReadOnlyList<string> Objects { get; } =
    [
        """{"carriage":"destopt-v1","psntp":1,"psnlr":2,"scaleDtlr":14,"scaleDtls":0,"deltaTlr":61035,"deltaTls":0}""",
        """{"carriage":"destopt-v2-clear","psntp":1,"psnlr":2,"globalPointer":3,"scaleDtlr":14,"scaleDtls":0,"deltaTlr":61035,"deltaTls":0}""",
        """{"carriage":"destopt-v2","flow":{"source":"2001:db8::a","destination":"2001:db8::b","protocol":17,"sourcePort":40000,"destinationPort":53},"suite":2,"epoch":5,"psntp":1,"psnlr":2,"globalPointer":3,"scaleDtlr":14,"scaleDtls":0,"deltaTlr":61035,"deltaTls":0}""",
        """{"carriage":"destopt-v2","flow":{"source":"2001:db8::a","destination":"2001:db8::b","protocol":58,"icmpType":128,"icmpCode":0,"identifier":7},"suite":1,"epoch":5,"psntp":1,"psnlr":2,"globalPointer":3,"scaleDtlr":14,"scaleDtls":0,"deltaTlr":61035,"deltaTls":0,"optionType":62}""",
        """{"carriage":"udp-option-clear","udpLength":31,"exId":4660,"psntp":1,"psnlr":2,"globalPointer":3,"scaleDtlr":14,"scaleDtls":0,"deltaTlr":61035,"deltaTls":0}""",
        """{"carriage":"udp-option","udpLength":30,"flow":{"source":"2001:db8::a","destination":"2001:db8::b","protocol":17,"sourcePort":40000,"destinationPort":53},"epoch":5,"psntp":1,"psnlr":2,"globalPointer":3,"scaleDtlr":14,"scaleDtls":0,"deltaTlr":61035,"deltaTls":0}""",
        """{"carriage":"udp-frame","flags":3,"sequence":1,"timestampMicroseconds":1699200000000000,"nonce":"000102030405060708090a0b","tlvs":[{"type":100,"value":"6b6d6f64"}]}""",
        """{"carriage":"udp-frame","flags":5,"keyId":5,"sequence":1,"timestampMicroseconds":1699200000000000,"nonce":"000102030405060708090a0b","tlvs":[]}""",
        """{"carriage":"udp-frame","flags":2,"sequence":1,"timestampMicroseconds":1,"tlvs":[{"type":3,"value":"09"},{"type":4,"value":"00000001"}]}""",
    ];

    public static IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\"carriage\":", "\"destopt-v2\"", "\"destopt-v2-legacy\"", "\"udp-option\"", "\"udp-frame\"", "\"flow\":", "\"suite\":1,", "\"suite\":3,", "\"epoch\":4096,",
            "\"udpLength\":9,", "\"exId\":1,", "\"optionType\":15,", "\"status\":\"ok\",", "\"hex\":\"", "null", "true", "-1", "65536", "4294967296", "18446744073709551616",
            "1e3", "0.5", "[]", "{}", "\"\"", "\\u0000", "\"tlvs\":[{\"type\":3,\"value\":\"0909\"}]", "0f0a", "1e26", "1e16", "7f2a504d", "ff", ",", "\"", "\"ff02::1\"",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Octets of every carriage, and how they are told to the decoder.</summary>
    public IEnumerable<byte[]> Lines
    {
        get
        {
            foreach (string line in Objects)
            {
                ArrayBufferWriter<byte> hex = new();
                Expect.That(_encoder.Answer(Encoding.UTF8.GetBytes(line), hex), "a seed can be encoded");
                string digits = Encoding.ASCII.GetString(hex.WrittenSpan);
                yield return Encoding.UTF8.GetBytes(digits);
                yield return Encoding.UTF8.GetBytes($$"""{"hex":"{{digits}}","udpLength":31}""");
            }
            foreach (byte[] octets in new[] { Samples.Pdm(0x0f, 34), Samples.Pdm(0x0f, 38), Samples.Pdm(0x0f, 22), Samples.ClearSurplus(false), Samples.ClearSurplus(true) })
                yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(octets));
        }
    }

    /// <summary>The decoder's answer: one JSON object.</summary>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> line)
    {
        ArrayBufferWriter<byte> answer = new();
        Expect.That(_decoder.Answer(line, answer), "every line is answered");
        CheckObject(answer.WrittenSpan);
        Expect.That(answer.WrittenSpan.StartsWith("{\"status\":\""u8), "the answer says first what became of it");
        return answer.WrittenSpan;
    }

    /// <summary>The encoder's answer: hexadecimal digits; or false, and an object that says why.</summary>
    public bool TryEncode(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> answer)
    {
        ArrayBufferWriter<byte> written = new();
        bool isEncoded = _encoder.Answer(line, written);
        answer = written.WrittenSpan;
        if (isEncoded)
        {
            Expect.That(answer.Length > 0 && answer.Length % 2 == 0 && answer.IndexOfAnyExcept(s_digits) < 0, "octets are pairs of digits");
            return true;
        }
        CheckObject(answer);
        Expect.That(answer.StartsWith("{\"error\":\""u8), "what is wrong is said");
        return false;
    }

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>One JSON object and nothing behind it, in one line.</summary>
    private static void CheckObject(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        Expect.That(reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read(), "an answer is one object");
        Expect.That(!json.Contains((byte)'\n'), "an answer is one line");
    }
}
