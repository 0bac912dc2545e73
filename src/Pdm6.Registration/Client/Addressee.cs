using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>A participant to whom something can be sealed.</summary>
/// <param name="Certificate">Its certificate, verified.</param>
/// <param name="Recipient">Its key, from a bundle that it signed.</param>
public sealed record Addressee(ParticipantCertificate Certificate, Recipient Recipient)
{
    /// <summary>Names it across renewals.</summary>
    public Fingerprint Identity => Certificate.IdentityFingerprint;
}
