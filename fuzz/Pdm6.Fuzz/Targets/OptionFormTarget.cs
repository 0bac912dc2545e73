using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="PdmOption.FormOf"/>: says of whole options what the views say of them.</summary>
internal sealed class OptionFormTarget : FuzzTarget
{
    public override string Name => "option-form";
    public override int LargestInput => 64;

    public override IEnumerable<byte[]> Seeds =>
    [
        Samples.Pdm(0x1e, 38), Samples.Pdm(0x1e, 22), Samples.Pdm(0x0f, 10), Samples.Pdm(0x0f, 22), Samples.Pdm(0x0f, 34),
        Samples.Pdm(0x0f, 38), Samples.Pdm(5, 2),
    ];

    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    /// <summary>Makes the length octet right.</summary>
    public override int Repair(Span<byte> room, int size)
    {
        if (size > 1)
            room[1] = (byte)(size - 2);
        return size;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        PdmOptionForm form = PdmOption.FormOf(input);
        bool isWhole = input.Length >= 2 && input.Length == input[1] + 2;
        bool holds = form switch
        {
            PdmOptionForm.None => input.Length < 2 || input[0] is not (0x0f or 0x1e),
            PdmOptionForm.ClearV1 => isWhole && Pdmv1Option.TryRead(input, out _),
            PdmOptionForm.Protected or PdmOptionForm.Clear => isWhole && input[0] == 0x1e
                && Pdmv2OptionView.TryRead(input, out Pdmv2OptionView view) == Pdmv2ReadStatus.Ok && view.IsProtected == (form == PdmOptionForm.Protected),
            PdmOptionForm.LegacyProtected or PdmOptionForm.LegacyClear => isWhole && input[0] == 0x0f
                && LegacyPdmv2OptionView.TryRead(input, out LegacyPdmv2OptionView legacy) == Pdmv2ReadStatus.Ok
                && legacy.IsProtected == (form == PdmOptionForm.LegacyProtected),
            PdmOptionForm.UnknownVersion => isWhole && input[2] >> 4 != 2,
            PdmOptionForm.Malformed => !isWhole || input.Length is not (12 or 24 or 36 or 40) || (input[0] == 0x1e && input.Length is 12 or 36),
            _ => false,
        };
        Expect.That(holds, "the form is what the views say");
        return new FuzzOutcome(form is not (PdmOptionForm.None or PdmOptionForm.Malformed or PdmOptionForm.UnknownVersion),
            (int)form * 64 + Math.Min(input.Length, 63));
    }
}
