namespace Pdm6.Capture.Analysis;

/// <summary>What became of packets that carry a measurement, copies included. Each is in one of the numbers.</summary>
/// <param name="Clear">Carried it in clear.</param>
/// <param name="Opened">Authentic.</param>
/// <param name="AuthenticationFailed">Keys were there for the sender, and none gave the tag.</param>
/// <param name="NoKey">No key for this sender, this epoch at this time, or this form.</param>
/// <param name="Malformed">Not well-formed, of an unknown version, or two in one packet.</param>
public readonly record struct PacketTally(
    long Clear, long Opened, long AuthenticationFailed, long NoKey, long Malformed)
{
    /// <summary>All of them.</summary>
    public long Packets => Clear + Opened + AuthenticationFailed + NoKey + Malformed;

    internal PacketTally With(in PacketTally other) => new(
        Clear + other.Clear, Opened + other.Opened, AuthenticationFailed + other.AuthenticationFailed,
        NoKey + other.NoKey, Malformed + other.Malformed);
}
