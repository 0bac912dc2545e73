namespace Pdm6.Wire;

/// <summary>What kind of PDM option something is, told by its type, length and version alone.</summary>
public enum PdmOptionForm : byte
{
    /// <summary>No PDM option.</summary>
    None,
    /// <summary>PDMv2, metrics encrypted.</summary>
    Protected,
    /// <summary>PDMv2, metrics in clear.</summary>
    Clear,
    /// <summary>PDMv1 (RFC 8250): always in clear.</summary>
    ClearV1,
    /// <summary>PDMv2 of drafts 11 to 14, metrics encrypted: it can be shown, not opened.</summary>
    LegacyProtected,
    /// <summary>PDMv2 of drafts 11 to 14, metrics in clear.</summary>
    LegacyClear,
    /// <summary>A PDM option that runs past the end of its header or has a length that no form has, or a surplus area that
    /// is to be ignored though a PDM option is in it.</summary>
    Malformed,
    /// <summary>A PDM option of a version that is not known: its fields must not be interpreted.</summary>
    UnknownVersion,
}
