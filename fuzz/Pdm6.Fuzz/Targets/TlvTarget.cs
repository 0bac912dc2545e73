using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="TlvReader"/>: what was read, written again, is what it was read from.</summary>
internal sealed class TlvTarget : FuzzTarget
{
    /// <summary>One TLV of each type.</summary>
    public static readonly byte[] All =
    [
        0, 1, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 2, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 3, 0, 1, 9, 0, 4, 0, 4, 1, 2, 3, 4,
        0, 5, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 6, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8,
        0, 7, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 8, 0, 2, 0, 0, 0, 100, 0, 4, 0x6b, 0x6d, 0x6f, 0x64,
    ];

    public static readonly byte[][] AllTokens =
        [[0, 1, 0, 8], [0, 3, 0, 1], [0, 4, 0, 4], [0, 7, 0, 16], [0, 8, 0, 0], [0, 100, 0, 4], [3, 0xe7, 0, 1], [0, 5, 0, 8], [0, 100, 0xff, 0xff]];

    public override string Name => "tlv";
    public override int LargestInput => 256;
    public override IEnumerable<byte[]> Seeds => [All, []];
    public override IReadOnlyList<byte[]> Tokens => AllTokens;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        int kinds = Check(input, out bool isMalformed);
        return new FuzzOutcome(!isMalformed, kinds * 2 + (isMalformed ? 1 : 0));
    }

    /// <summary>Checks the TLVs, and says which types came, a bit each.</summary>
    public static int Check(ReadOnlySpan<byte> input, out bool isMalformed)
    {
        Span<byte> again = stackalloc byte[512];
        TlvWriter writer = new(again);
        TlvReader reader = new(input);
        int kinds = 0;
        while (reader.TryReadNext(out ushort type, out ReadOnlySpan<byte> value))
        {
            Expect.Inside(input, value);
            Expect.That(writer.TryWrite((TlvType)type, value), "what was read fits where it came from");
            kinds |= 1 << Math.Min((int)type, 9);
            if (value.Length is 1 or 4 or 8)
                Tlv.ReadNumber(value);
        }
        isMalformed = reader.IsMalformed;
        Expect.That(isMalformed == !TlvReader.IsWellFormed(input), "the check and the reader agree");
        Expect.Equal(again[..writer.WrittenSize], input[..writer.WrittenSize], "decode then encode is the identity");
        Expect.That(isMalformed || writer.WrittenSize == input.Length, "well-formed TLVs fill all");
        return kinds;
    }
}
