using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>Whether a grant is to be believed. Pure: time is an argument. When it ends follows from the announcement of
/// its context, which must be of the same sender: the caller compares.</summary>
public static class GrantGate
{
    /// <summary>Judges a grant.</summary>
    /// <param name="envelope">What came.</param>
    /// <param name="authority">Who must know the sender.</param>
    /// <param name="nowUnixNs">Now, nanoseconds since the Unix epoch.</param>
    public static EnvelopeVerdict<SealedGrant> Check(SignedEnvelope envelope, AuthorityCertificate authority, ulong nowUnixNs)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(authority);
        EnvelopeRefusal refusal = envelope.Verify(EnvelopeKind.Grant, authority, out ParticipantCertificate? sender, out string? detail);
        if (refusal != EnvelopeRefusal.None)
            return Refuse(refusal, sender, detail);
        if (!SealedGrant.TryParse(envelope.Body, out SealedGrant? content, out string? error))
            return Refuse(EnvelopeRefusal.Malformed, sender, error);
        if (sender!.Role != Role.Endpoint)
            return Refuse(EnvelopeRefusal.WrongRole, sender);
        Grant grant = content.Grant;
        refusal = EnvelopeTimes.Check(sender, grant.IssuedAtUnixNs, clockErrorBoundNs: 0, nowUnixNs, out detail);
        if (refusal != EnvelopeRefusal.None)
            return Refuse(refusal, sender, detail);
        // A context ends after 24 hours, and a grant is of a context that its sender has.
        if (nowUnixNs > grant.IssuedAtUnixNs && nowUnixNs - grant.IssuedAtUnixNs > AnnouncementGate.LongestLifeNs)
            return Refuse(EnvelopeRefusal.Expired, sender);
        return sender.Covers(grant.Source)
            ? EnvelopeVerdict<SealedGrant>.Accepted(sender, content)
            : Refuse(EnvelopeRefusal.AddressOutsidePrefixes, sender, grant.Source.ToString());
    }

    private static EnvelopeVerdict<SealedGrant> Refuse(EnvelopeRefusal refusal, ParticipantCertificate? sender, string? detail = null) =>
        EnvelopeVerdict<SealedGrant>.Refused(refusal, sender, detail);
}
