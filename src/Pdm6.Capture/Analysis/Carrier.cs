namespace Pdm6.Capture.Analysis;

/// <summary>What of a packet carries a measurement.</summary>
internal enum Carrier : byte
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>A destination option of PDMv2, metrics encrypted.</summary>
    SealedOption,
    /// <summary>A UDP option, metrics encrypted.</summary>
    SealedUdpOption,
    /// <summary>PDMv2 in clear: a destination option of draft 15 or of an earlier one.</summary>
    ClearOption,
    /// <summary>PDMv2 in clear as a UDP option.</summary>
    ClearUdpOption,
    /// <summary>PDMv1.</summary>
    OptionV1,
    /// <summary>PDMv2 of drafts 11 to 14, encrypted: shown, never opened.</summary>
    LegacySealedOption,
    /// <summary>A udp-frame, clear or encrypted.</summary>
    Frame,
    /// <summary>Something of the kind that is not well-formed, of an unknown version, or there twice.</summary>
    Malformed,
}
