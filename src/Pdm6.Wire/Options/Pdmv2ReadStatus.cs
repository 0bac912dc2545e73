namespace Pdm6.Wire;

/// <summary>What reading a PDMv2 option came to.</summary>
public enum Pdmv2ReadStatus
{
    /// <summary>A well-formed option, clear or protected.</summary>
    Ok,
    /// <summary>Runs past its end, or has a length that neither form has.</summary>
    Malformed,
    /// <summary>A version other than 2; the remaining fields must not be interpreted.</summary>
    UnknownVersion,
}
