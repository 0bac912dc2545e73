using Pdm6.Wire;
using static Pdm6.Codec.DecodeStatus;

namespace Pdm6.Codec.Vectors;

/// <summary>Vectors of destopt-v1 (RFC 8250) and of PDMv2 as drafts 11 to 14 had it.</summary>
internal static class OlderOptionVectors
{
    public static IEnumerable<Vector> All() => [.. V1(), .. SpoiltV1(), .. Legacy()];

    private static IEnumerable<Vector> V1()
    {
        yield return Option("usual", "1 ms and 1 s, as in the table of RFC 8250.", 25, 24, new PdmTime(0x38d7, 36), new PdmTime(0xde0b, 44));
        yield return Option("first packet", "Nothing was received yet.", 0, 0, default, default);
        yield return Option(
            "one microsecond and one day", "The ends of the table of RFC 8250.", 1, 1, new PdmTime(0xe8d4, 24), new PdmTime(0x124b, 64));
        yield return Option(
            "largest", "The times saturate at 2^63-1 ns.", ushort.MaxValue, ushort.MaxValue,
            new PdmTime(ushort.MaxValue, byte.MaxValue), new PdmTime(1, byte.MaxValue));
    }

    private static IEnumerable<Vector> SpoiltV1()
    {
        Vector usual = Option("usual", "", 25, 24, new PdmTime(0x38d7, 36), new PdmTime(0xde0b, 44));
        yield return usual.Spoilt("truncated", "The last octet is missing.", Malformed, usual.Octets[..^1]);
        yield return usual.Spoilt("octet left over", "An octet too many.", Malformed, [.. usual.Octets, 0]);
        yield return usual.Spoilt("length 9", "The length is 10, always.", Malformed, usual.With(1, 9)[..^1]) with
        {
            DecodeWith = "\"carriage\":\"destopt-v1\"",
        };
    }

    private static IEnumerable<Vector> Legacy()
    {
        byte[] head = [Pdmv1Option.OptionType, LegacyPdmv2OptionView.ClearLength, 0x2a, 0xbc, 0, 0, 0, 42];
        byte[] block = new byte[PdmMetrics.Size];
        Sample.Metrics.Write(block);
        Vector clear = new("destopt-v2-legacy, clear", "Drafts 11 to 14: option type 15, version 2.", [.. head, .. block], Ok);
        yield return clear;
        yield return Protected("tag of 12 octets", LegacyPdmv2OptionView.ShortTagLength, tagSize: 12);
        yield return Protected("tag of 16 octets", LegacyPdmv2OptionView.WholeTagLength, tagSize: 16);
        yield return clear.Spoilt("version 1", "Another version.", UnknownVersion, clear.With(2, 0x1a));
        yield return clear.Spoilt("length 30", "No draft has this length.", Malformed, [.. clear.With(1, 30), .. new byte[8]]);
        yield return clear.Spoilt("truncated", "The last octet is missing.", Malformed, clear.Octets[..^1]);

        Vector Protected(string name, byte length, int tagSize)
        {
            byte[] tag = new byte[tagSize];
            Array.Fill(tag, (byte)0xa5);
            return new Vector(
                $"destopt-v2-legacy, {name}", "Shown, and never opened: those drafts do not say how the tag is made.",
                [head[0], length, .. head[2..], .. block, .. tag], NoKey);
        }
    }

    private static Vector Option(
        string name, string about, ushort psntp, ushort psnlr, PdmTime received, PdmTime sent)
    {
        byte[] octets = new byte[Pdmv1Option.Size];
        new Pdmv1Option(psntp, psnlr, received, sent).Write(octets);
        return new Vector($"destopt-v1, {name}", about, octets, Ok)
        {
            Encode = $$"""{"carriage":"destopt-v1","psntp":{{psntp}},"psnlr":{{psnlr}},{{Sample.JsonOf(received, sent)}}}""",
        };
    }
}
