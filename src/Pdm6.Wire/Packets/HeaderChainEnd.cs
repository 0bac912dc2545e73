namespace Pdm6.Wire;

/// <summary>Where the walk along the extension headers of an IPv6 packet stopped, and why.</summary>
public enum HeaderChainEnd : byte
{
    /// <summary>At the upper-layer header.</summary>
    UpperLayer,
    /// <summary>At No Next Header (RFC 8200 section 4.7).</summary>
    NoNextHeader,
    /// <summary>At the Fragment header of a fragment that is not the first: what follows is the middle of
    /// something.</summary>
    Fragment,
    /// <summary>At an Encapsulating Security Payload: what follows is encrypted.</summary>
    Esp,
    /// <summary>At a header that runs past the end of the packet, or past what was captured of it.</summary>
    CutShort,
}
