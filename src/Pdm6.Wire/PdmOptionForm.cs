namespace Pdm6.Wire;

/// <summary>What kind of PDM option some destination option is, told by its type, length and version alone.</summary>
public enum PdmOptionForm : byte
{
    /// <summary>No PDM option.</summary>
    None,
    /// <summary>PDMv2, metrics encrypted: option length 38, or 34 in drafts before 15.</summary>
    Sealed,
    /// <summary>PDMv2, metrics in clear: option length 22.</summary>
    Clear,
    /// <summary>PDMv1 (RFC 8250): always in clear.</summary>
    ClearV1,
    /// <summary>A PDM option type with a length or version that no form has.</summary>
    Malformed,
}
