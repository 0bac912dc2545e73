using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>The participant at the other end of a connection: its certificate is one of this authority, in its time, and
/// TLS has proved that it holds the key. Whether it was revoked, the store says.</summary>
internal sealed record Caller(ParticipantCertificate Certificate)
{
    public Fingerprint Fingerprint => Certificate.IdentityFingerprint;
}
