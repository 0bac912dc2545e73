using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Agent.Exchange;

/// <summary>The endpoint that owns an address, and how to seal to it.</summary>
/// <param name="Certificate">Its certificate, verified.</param>
/// <param name="Recipient">Its key, from a bundle that it signed.</param>
internal sealed record Owner(ParticipantCertificate Certificate, Recipient Recipient)
{
    /// <summary>Names it across renewals.</summary>
    internal Fingerprint Identity => Certificate.IdentityFingerprint;
}
