using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>An announcement that was accepted.</summary>
internal sealed record StoredAnnouncement
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string ContextId { get; init; }
    public required long Version { get; init; }
    public required Fingerprint Sender { get; init; }
    public required long IssuedNs { get; init; }
    public required long NotAfterNs { get; init; }
    public required string CertificateHash { get; init; }
    public required SignedEnvelope Envelope { get; init; }
    /// <summary>16 octets each.</summary>
    public required IReadOnlyList<byte[]> Addresses { get; init; }
    /// <summary>The keys that the base secret is sealed to.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }
}
