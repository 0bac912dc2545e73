namespace Pdm6.Capture.Decryption;

/// <summary>What a decryption came to, packets.</summary>
/// <param name="Options">Destination options that were opened and written in clear.</param>
/// <param name="UdpOptions">UDP options that were.</param>
/// <param name="Frames">udp-frames that were.</param>
/// <param name="AuthenticationFailed">Left as they were: no key gave the tag.</param>
/// <param name="NoKey">Left as they were: no key for them.</param>
/// <param name="Malformed">Left as they were: not well-formed.</param>
/// <param name="Others">Frames without anything to open.</param>
public readonly record struct DecryptionTally(
    long Options, long UdpOptions, long Frames, long AuthenticationFailed, long NoKey, long Malformed, long Others)
{
    /// <summary>Everything that was opened.</summary>
    public long Opened => Options + UdpOptions + Frames;

    /// <summary>All frames.</summary>
    public long Total => Opened + AuthenticationFailed + NoKey + Malformed + Others;

    /// <summary>The whole in one line for people.</summary>
    public override string ToString() =>
        $"opened {Opened} ({Options} options, {UdpOptions} UDP options, {Frames} udp-frames); left as they were: "
        + $"{AuthenticationFailed} authentication failed, {NoKey} without a key, {Malformed} malformed, {Others} others";
}
