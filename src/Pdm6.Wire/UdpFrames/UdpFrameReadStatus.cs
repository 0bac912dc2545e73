namespace Pdm6.Wire;

/// <summary>What reading a udp-frame came to.</summary>
public enum UdpFrameReadStatus
{
    /// <summary>A well-formed frame, clear or encrypted.</summary>
    Ok,
    /// <summary>Too short, longer or shorter than its fields say, or with TLVs that are not well-formed.</summary>
    Malformed,
    /// <summary>A version other than 2; the remaining fields must not be interpreted.</summary>
    UnknownVersion,
}
