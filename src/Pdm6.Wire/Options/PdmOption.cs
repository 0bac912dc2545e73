namespace Pdm6.Wire;

/// <summary>Tells PDM options from others (RFC 8250 section 3; draft-ietf-ippm-encrypted-pdmv2-15; protocol reference,
/// section 3).</summary>
public static class PdmOption
{
    /// <summary>The option type of PDMv1, and of PDMv2 in drafts before 15.</summary>
    public const byte LegacyOptionType = Pdmv1Option.OptionType;

    /// <summary>The form of one destination option.</summary>
    /// <param name="option">The option, type and length octets included, as <see cref="HeaderOptions"/> gives it. One that is
    /// not all there is malformed if its type is PDM's.</param>
    /// <param name="optionType">The type that means PDMv2 here.</param>
    public static PdmOptionForm FormOf(ReadOnlySpan<byte> option, byte optionType = Pdmv2OptionView.DefaultOptionType)
    {
        if (option.IsEmpty || (option[0] != optionType && option[0] != LegacyOptionType))
            return PdmOptionForm.None;
        if (option.Length < 2 || option.Length != option[1] + 2)
            return PdmOptionForm.Malformed;
        if (option[0] == LegacyOptionType)
            return Pdmv1Option.TryRead(option, out _)
                ? PdmOptionForm.ClearV1
                : FormOf(LegacyPdmv2OptionView.TryRead(option, out LegacyPdmv2OptionView legacy),
                    legacy.Octets.Length == Pdmv2OptionView.ClearSize ? PdmOptionForm.LegacyClear : PdmOptionForm.LegacyProtected);
        return FormOf(Pdmv2OptionView.TryRead(option, out Pdmv2OptionView view),
            view.Octets.Length == Pdmv2OptionView.ClearSize ? PdmOptionForm.Clear : PdmOptionForm.Protected);
    }

    private static PdmOptionForm FormOf(Pdmv2ReadStatus status, PdmOptionForm form) => status switch
    {
        Pdmv2ReadStatus.Ok => form,
        Pdmv2ReadStatus.UnknownVersion => PdmOptionForm.UnknownVersion,
        _ => PdmOptionForm.Malformed,
    };
}
