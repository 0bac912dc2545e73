namespace Pdm6.Wire;

/// <summary>
/// What the observer made of an option before anybody opened it (draft-ietf-ippm-encrypted-pdmv2-15, Receiver
/// Validation and Exception Handling). The values are shared with the kernel programs (<c>bpf/pdm6_abi.h</c>).
/// </summary>
public enum ObservationVerdict : byte
{
    /// <summary>Authenticated and ahead of the last accepted one: it updated PSNLR, DTLR and DTLS.</summary>
    Accepted = 0,
    /// <summary>Authenticated, but not ahead: a copy, or late. Observed, not accepted.</summary>
    NotAhead = 1,
    /// <summary>Authenticated, but no state could be kept for its flow (full table, no reverse, no rule).</summary>
    NoState = 2,
    /// <summary>The observer holds no key for this sender and epoch.</summary>
    NoKey = 3,
    /// <summary>A key exists, but the epoch's time has passed or not come.</summary>
    WrongEpoch = 4,
    /// <summary>The tag is wrong.</summary>
    AuthenticationFailed = 5,
    /// <summary>A form in clear, which nobody can authenticate: observed only.</summary>
    Clear = 6,
    /// <summary>Not a well-formed option, or two of them.</summary>
    Malformed = 7,
    /// <summary>A version that is not 2.</summary>
    UnknownVersion = 8,
    /// <summary>A form in clear of a source without a live context, and the observer's policy lets such options count: it
    /// updated PSNLR, DTLR and DTLS if it was ahead.</summary>
    ClearCounted = 9,
}
