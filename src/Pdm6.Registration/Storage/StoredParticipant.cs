using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Storage;

/// <summary>Somebody who enrolled, or wants to.</summary>
internal sealed record StoredParticipant
{
    /// <summary>Of the identity key.</summary>
    public required Fingerprint Fingerprint { get; init; }
    public required string Name { get; init; }
    public required Role Role { get; init; }
    public required IReadOnlyList<Ipv6Prefix> Prefixes { get; init; }
    public required ParticipantState State { get; init; }
    /// <summary>The id of the token, or what else decided.</summary>
    public required string Source { get; init; }
    public required long CreatedNs { get; init; }
    /// <summary>Of the newest announcement; 0 before the first.</summary>
    public long LastSequence { get; init; }
    /// <summary>Of the newest key bundle; 0 before the first.</summary>
    public long BundleSequence { get; init; }
    /// <summary>DER of the newest certificate; empty before the first.</summary>
    public byte[] Certificate { get; init; } = [];
    /// <summary>End of the newest certificate, Unix nanoseconds; 0 before the first.</summary>
    public long CertificateEndsNs { get; init; }
}
