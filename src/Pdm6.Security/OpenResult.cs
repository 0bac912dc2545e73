namespace Pdm6.Security;

/// <summary>What opening an option came to (draft-ietf-ippm-encrypted-pdmv2-15, Receiver Validation and Exception
/// Handling).</summary>
public enum OpenResult
{
    /// <summary>Authentic; its metrics may be used.</summary>
    Opened,
    /// <summary>Keys were there for its sender and time, and none gave its tag.</summary>
    AuthenticationFailed,
    /// <summary>No context of its source address is known.</summary>
    NoKey,
    /// <summary>Contexts are known, but none has this carriage, with this ExID, and epoch at this time.</summary>
    WrongEpoch,
    /// <summary>The clear form: nothing to authenticate.</summary>
    Clear,
    /// <summary>Not a well-formed option.</summary>
    Malformed,
    /// <summary>A version other than 2.</summary>
    UnknownVersion,
}
