using System.Text;
using Pdm6.Codec;
using Pdm6.Fuzz.Engine;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="LineEncoder"/>: answers with octets, or says in an object why not; and what it made is never
/// malformed.</summary>
internal sealed class CodecEncodeTarget : FuzzTarget
{
    private readonly CodecLines _codec = new();

    public override string Name => "codec-encode";
    public override int LargestInput => 700;
    public override int Share => 2;
    public override bool AllocatesNothing => false;
    public override IEnumerable<byte[]> Seeds => CodecLines.Objects.Select(Encoding.UTF8.GetBytes);
    public override IReadOnlyList<byte[]> Tokens => CodecLines.Tokens;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!_codec.TryEncode(input, out ReadOnlySpan<byte> answer))
            return new FuzzOutcome(false, Feature.Of(Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 50)])));
        // Of another option type or ExID, octets alone do not say what they are.
        bool isTold = input.IndexOf("optionType"u8) < 0 && input.IndexOf("exId"u8) < 0 && !input.Contains((byte)'\\');
        ReadOnlySpan<byte> decoded = _codec.Decode(answer);
        bool isMalformed = decoded.StartsWith("{\"status\":\"malformed\""u8) || decoded.StartsWith("{\"status\":\"unknown-version\""u8);
        Expect.That(!isTold || !isMalformed, "what is encoded is not malformed");
        return new FuzzOutcome(true, 1 + Math.Min(answer.Length, 500));
    }
}
