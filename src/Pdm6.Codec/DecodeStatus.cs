namespace Pdm6.Codec;

/// <summary>What became of octets, by the names of <c>docs/codec.md</c>.</summary>
internal enum DecodeStatus
{
    /// <summary><c>ok</c></summary>
    Ok,
    /// <summary><c>malformed</c></summary>
    Malformed,
    /// <summary><c>unknown-version</c></summary>
    UnknownVersion,
    /// <summary><c>authentication-failed</c></summary>
    AuthenticationFailed,
    /// <summary><c>no-key</c></summary>
    NoKey,
}
