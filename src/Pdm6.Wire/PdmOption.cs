namespace Pdm6.Wire;

/// <summary>Tells PDM options from others (RFC 8250 section 3; draft-ietf-ippm-encrypted-pdmv2-15; protocol reference,
/// section 3).</summary>
public static class PdmOption
{
    /// <summary>The option type of PDMv1, and of PDMv2 in drafts before 15.</summary>
    public const byte LegacyOptionType = 0x0f;

    private const byte LengthV1 = 10;
    private const byte LegacySealedLength = 34;

    /// <summary>The form of one destination option.</summary>
    /// <param name="option">The option, type and length octets included, as <see cref="HeaderOptions"/> gives it.</param>
    /// <param name="optionType">The type that means PDMv2 here.</param>
    public static PdmOptionForm FormOf(ReadOnlySpan<byte> option, byte optionType = Pdmv2OptionView.DefaultOptionType)
    {
        if (option.Length < 2 || (option[0] != optionType && option[0] != LegacyOptionType))
            return PdmOptionForm.None;
        bool isLegacyType = option[0] == LegacyOptionType;
        bool isVersion2 = option.Length > 2 && option[2] >> 4 == Pdmv2OptionView.Version2;
        return option[1] switch
        {
            _ when option.Length != option[1] + 2 => PdmOptionForm.Malformed,
            LengthV1 when isLegacyType => PdmOptionForm.ClearV1,
            Pdmv2OptionView.ClearLength when isVersion2 => PdmOptionForm.Clear,
            Pdmv2OptionView.ProtectedLength when isVersion2 => PdmOptionForm.Sealed,
            LegacySealedLength when isVersion2 && isLegacyType => PdmOptionForm.Sealed,
            _ => PdmOptionForm.Malformed,
        };
    }
}
