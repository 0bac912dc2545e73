namespace Pdm6.Probe.Reflecting;

/// <summary>What became of a datagram that a reflector received. Each is counted.</summary>
public enum ReflectorOutcome
{
    /// <summary>A request, answered.</summary>
    Answered,
    /// <summary>A frame that wants no answer: opened and recorded.</summary>
    OneWay,
    /// <summary>A request whose source asked too often.</summary>
    Limited,
    /// <summary>A copy of what had come before, or too old to tell.</summary>
    Replayed,
    /// <summary>Its time stamp is too far from this host's clock, or from before the start: it may be a replay.</summary>
    Stale,
    /// <summary>The tag or the HMAC is wrong: forged, or another key.</summary>
    AuthenticationFailed,
    /// <summary>It names a key that this reflector does not have.</summary>
    NoKey,
    /// <summary>Not encrypted.</summary>
    Clear,
    /// <summary>Not a well-formed packet of the protocol.</summary>
    Malformed,
    /// <summary>A version that is not known.</summary>
    UnknownVersion,
    /// <summary>Larger than any request may be.</summary>
    Oversized,
    /// <summary>A reply, not a request: somebody sends a reflector's own packets back.</summary>
    IsReply,
    /// <summary>More probers than there is room for.</summary>
    NoRoom,
}
