using System.Globalization;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Security.Announcements;

/// <summary>
/// Whether an announcement is to be believed. Registrar, collector, agents and offline analysis all ask here. Pure: time
/// and what is known of the sender are arguments.
/// </summary>
public static class AnnouncementGate
{
    /// <summary>The longest time from issue to expiry: 48 hours, twice the life of a context.</summary>
    public const ulong LongestLifeNs = 2 * EpochTimetable.LongestLifeNs;

    /// <summary>For live use.</summary>
    /// <param name="envelope">What came.</param>
    /// <param name="authority">Who must know the sender.</param>
    /// <param name="nowUnixNs">Now, nanoseconds since the Unix epoch.</param>
    /// <param name="lastSequenceOf">The last sequence accepted of an identity, null if there is none. Who wants to accept
    /// the last announcement again compares its octets first.</param>
    public static EnvelopeVerdict<SealedAnnouncement> Check(
        SignedEnvelope envelope, AuthorityCertificate authority, ulong nowUnixNs, Func<Fingerprint, ulong?> lastSequenceOf)
    {
        ArgumentNullException.ThrowIfNull(lastSequenceOf);
        EnvelopeVerdict<SealedAnnouncement> verdict = CheckAll(envelope, authority, nowUnixNs);
        if (!verdict.IsAccepted)
            return verdict;
        Announcement announcement = verdict.Content.Announcement;
        if (announcement.NotAfterUnixNs <= nowUnixNs)
            return Refuse(EnvelopeRefusal.Expired, verdict.Sender);
        return lastSequenceOf(verdict.Sender.IdentityFingerprint) is { } last && announcement.Sequence <= last
            ? Refuse(EnvelopeRefusal.StaleSequence, verdict.Sender, last.ToString(CultureInfo.InvariantCulture))
            : verdict;
    }

    /// <summary>For captures: as <see cref="Check"/>, whatever the time is now and whatever came later. What the
    /// announcement opens is still bounded by its timetable.</summary>
    public static EnvelopeVerdict<SealedAnnouncement> CheckForCapture(SignedEnvelope envelope, AuthorityCertificate authority) =>
        CheckAll(envelope, authority, nowUnixNs: null);

    private static EnvelopeVerdict<SealedAnnouncement> CheckAll(
        SignedEnvelope envelope, AuthorityCertificate authority, ulong? nowUnixNs)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(authority);
        EnvelopeRefusal refusal = envelope.Verify(EnvelopeKind.Announcement, authority, out ParticipantCertificate? sender, out string? detail);
        if (refusal != EnvelopeRefusal.None)
            return Refuse(refusal, sender, detail);
        if (!SealedAnnouncement.TryParse(envelope.Body, out SealedAnnouncement? content, out string? error))
            return Refuse(EnvelopeRefusal.Malformed, sender, error);
        if (sender!.Role != Role.Endpoint)
            return Refuse(EnvelopeRefusal.WrongRole, sender);
        Announcement announcement = content.Announcement;
        refusal = EnvelopeTimes.Check(sender, announcement.IssuedAtUnixNs, announcement.ClockErrorBoundNs, nowUnixNs, out detail);
        if (refusal != EnvelopeRefusal.None)
            return Refuse(refusal, sender, detail);
        if (announcement.NotAfterUnixNs - announcement.IssuedAtUnixNs > LongestLifeNs)
            return Refuse(EnvelopeRefusal.LivesTooLong, sender, "48 hours");
        foreach (Ipv6Address address in announcement.Addresses)
            if (!sender.Covers(address))
                return Refuse(EnvelopeRefusal.AddressOutsidePrefixes, sender, address.ToString());
        return EnvelopeVerdict<SealedAnnouncement>.Accepted(sender, content);
    }

    private static EnvelopeVerdict<SealedAnnouncement> Refuse(EnvelopeRefusal refusal, ParticipantCertificate? sender, string? detail = null) =>
        EnvelopeVerdict<SealedAnnouncement>.Refused(refusal, sender, detail);
}
