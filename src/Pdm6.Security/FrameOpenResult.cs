namespace Pdm6.Security;

/// <summary>What opening a udp-frame came to.</summary>
public enum FrameOpenResult
{
    /// <summary>Authentic, and its TLVs are well-formed.</summary>
    Opened,
    /// <summary>The tag is wrong.</summary>
    AuthenticationFailed,
    /// <summary>It names another key than the one held, or none where one must be named.</summary>
    NoKey,
    /// <summary>Not encrypted: refused, because a key is held.</summary>
    Clear,
    /// <summary>Not a well-formed frame, or authentic with TLVs that are not well-formed.</summary>
    Malformed,
    /// <summary>A version other than 2.</summary>
    UnknownVersion,
    /// <summary>Its TLVs do not fit the room there is: its tag was not looked at.</summary>
    TooLong,
}
