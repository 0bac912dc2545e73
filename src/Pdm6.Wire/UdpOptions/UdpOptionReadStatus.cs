namespace Pdm6.Wire;

/// <summary>What looking for a PDM option in a surplus area came to.</summary>
public enum UdpOptionReadStatus
{
    /// <summary>A well-formed surplus area without a PDM option for us in it.</summary>
    None,
    /// <summary>One well-formed PDM option, clear or protected.</summary>
    Ok,
    /// <summary>Every option of the area is to be ignored (wrong pad, wrong checksum, overrun, an unsafe kind), or there
    /// are two PDM options, or one of a length that no form has.</summary>
    Malformed,
    /// <summary>One PDM option, of a version other than 2; its fields must not be interpreted.</summary>
    UnknownVersion,
}
