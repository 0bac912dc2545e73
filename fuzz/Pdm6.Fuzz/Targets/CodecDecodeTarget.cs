using System.Text;
using Pdm6.Codec;
using Pdm6.Fuzz.Engine;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="LineDecoder"/>: answers every line with one object; nothing sealed is "ok" but what was sealed; and
/// what it prints, encoded, decodes to the same again.</summary>
internal sealed class CodecDecodeTarget : FuzzTarget
{
    private readonly CodecLines _codec = new();
    private readonly byte[][] _seeds;
    private readonly HashSet<string> _genuine;

    public CodecDecodeTarget()
    {
        _seeds = [.. _codec.Lines];
        _genuine = [.. _seeds.Select(line => Encoding.UTF8.GetString(_codec.Decode(line)))];
    }

    public override string Name => "codec-decode";
    public override int LargestInput => 700;
    public override int Share => 2;
    public override bool AllocatesNothing => false;
    public override IEnumerable<byte[]> Seeds => _seeds;
    public override IReadOnlyList<byte[]> Tokens => CodecLines.Tokens;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        byte[] answer = _codec.Decode(input).ToArray();
        string text = Encoding.UTF8.GetString(answer);
        bool isOk = text.StartsWith("{\"status\":\"ok\"", StringComparison.Ordinal);
        bool isSealed = text.Contains("\"carriage\":\"destopt-v2\"", StringComparison.Ordinal)
            || text.Contains("\"carriage\":\"udp-option\"", StringComparison.Ordinal) || text.Contains("\"nonce\":", StringComparison.Ordinal);
        Expect.That(!isOk || !isSealed || _genuine.Contains(text) || WithoutUdpLength(text) is { } shorter && _genuine.Any(g => WithoutUdpLength(g) == shorter),
            "no forgery is accepted");
        bool isBare = !input.IsEmpty && input[0] != '{';
        if (isOk && isBare && _codec.TryEncode(answer, out ReadOnlySpan<byte> octets))
            CheckAgain(_codec.Decode(octets).ToArray());
        return new FuzzOutcome(isOk, Feature.Of(Kind(text)));
    }

    /// <summary>Status and carriage, and the front of what is wrong.</summary>
    private static ReadOnlySpan<char> Kind(string answer)
    {
        int error = answer.IndexOf("\"error\"", StringComparison.Ordinal);
        if (error >= 0)
            return answer.AsSpan(0, Math.Min(answer.Length, error + 40));
        int carriage = answer.IndexOf(',', StringComparison.Ordinal), end = carriage < 0 ? -1 : answer.IndexOf(',', carriage + 1);
        return end < 0 ? answer : answer.AsSpan(0, end);
    }

    /// <summary>What receivers ignore is sent as it should be; from then on nothing changes.</summary>
    private void CheckAgain(byte[] answer)
    {
        Expect.That(_codec.TryEncode(answer, out ReadOnlySpan<byte> octets), "what decode prints can be encoded");
        Expect.Equal(answer, _codec.Decode(octets), "what decode prints, encoded, decodes to the same");
    }

    /// <summary>The UDP length is not sealed: it is said in the answer as it was given.</summary>
    private static string WithoutUdpLength(string answer)
    {
        int at = answer.IndexOf("\"udpLength\":", StringComparison.Ordinal);
        return at < 0 ? answer : answer.Remove(at, answer.IndexOf(',', at) - at + 1);
    }
}
