using System.Globalization;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>Whether a key bundle is to be believed. Pure: time and what is known of the participant are arguments. Who
/// pins analyzers compares the sender's <see cref="ParticipantCertificate.IdentityFingerprint"/>.</summary>
public static class KeyBundleGate
{
    /// <summary>Judges a bundle.</summary>
    /// <param name="envelope">What came.</param>
    /// <param name="authority">Who must know the participant.</param>
    /// <param name="nowUnixNs">Now, nanoseconds since the Unix epoch.</param>
    /// <param name="lastSequenceOf">The last sequence accepted of an identity, null if there is none.</param>
    public static EnvelopeVerdict<KeyBundle> Check(
        SignedEnvelope envelope, AuthorityCertificate authority, ulong nowUnixNs, Func<Fingerprint, ulong?> lastSequenceOf)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(lastSequenceOf);
        EnvelopeRefusal refusal = envelope.Verify(EnvelopeKind.KeyBundle, authority, out ParticipantCertificate? sender, out string? detail);
        if (refusal != EnvelopeRefusal.None)
            return Refuse(refusal, sender, detail);
        if (!KeyBundle.TryParse(envelope.Body, out KeyBundle? bundle, out string? error))
            return Refuse(EnvelopeRefusal.Malformed, sender, error);
        refusal = EnvelopeTimes.Check(sender!, bundle.IssuedAtUnixNs, clockErrorBoundNs: 0, nowUnixNs, out detail);
        if (refusal != EnvelopeRefusal.None)
            return Refuse(refusal, sender, detail);
        if (bundle.NotAfterUnixNs <= nowUnixNs)
            return Refuse(EnvelopeRefusal.Expired, sender);
        return lastSequenceOf(sender!.IdentityFingerprint) is { } last && bundle.Sequence <= last
            ? Refuse(EnvelopeRefusal.StaleSequence, sender, last.ToString(CultureInfo.InvariantCulture))
            : EnvelopeVerdict<KeyBundle>.Accepted(sender, bundle);
    }

    private static EnvelopeVerdict<KeyBundle> Refuse(EnvelopeRefusal refusal, ParticipantCertificate? sender, string? detail = null) =>
        EnvelopeVerdict<KeyBundle>.Refused(refusal, sender, detail);
}
