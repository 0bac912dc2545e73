using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>
/// Turns pages of the feed into what may be believed. The registrar is trusted to relay, not to tell the truth: every
/// envelope passes its gate here, whoever sent it; a null among them, which JSON allows, is nothing. Not for several threads.
/// </summary>
/// <param name="authority">Who must know the senders.</param>
/// <param name="time">The clock.</param>
internal sealed class FeedVerifier(AuthorityCertificate authority, TimeProvider time)
{
    private const int MostReasons = 16;

    private readonly Dictionary<Fingerprint, LastAccepted> _last = [];
    private readonly HashSet<Fingerprint> _revoked = [];

    public FeedUpdate Verify(FeedPage page)
    {
        List<string> refused = [];
        List<Fingerprint> revoked = [];
        foreach (string text in page.Revoked)
            if (!Fingerprint.TryParse(text, out Fingerprint identity))
                Note(refused, "A revocation names no identity.");
            else if (_revoked.Add(identity))
                revoked.Add(identity);
        return new FeedUpdate(
            !page.More, Announcements(page, refused), Grants(page, refused), revoked, page.AnalyzersChanged, refused);
    }

    private List<Received<SealedAnnouncement>> Announcements(FeedPage page, List<string> refused)
    {
        List<Received<SealedAnnouncement>> accepted = [];
        foreach (SignedEnvelope envelope in page.Announcements.OfType<SignedEnvelope>())
        {
            Fingerprint body = Fingerprint.Of(envelope.Body);
            EnvelopeVerdict<SealedAnnouncement> verdict = AnnouncementGate.Check(
                envelope, authority, (ulong)time.UnixNs(), identity => _last.TryGetValue(identity, out LastAccepted last) ? last.Sequence : null);
            // Another grant of the same context brings its announcement again.
            if (verdict is { Refusal: EnvelopeRefusal.StaleSequence, Sender: { } sender } && _last[sender.IdentityFingerprint].Body == body)
                continue;
            if (Admit(verdict, envelope, "An announcement", refused) is not { } received)
                continue;
            _last[received.Sender.IdentityFingerprint] = new LastAccepted(received.Content.Announcement.Sequence, body);
            accepted.Add(received);
        }
        return accepted;
    }

    private List<Received<SealedGrant>> Grants(FeedPage page, List<string> refused)
    {
        List<Received<SealedGrant>> accepted = [];
        foreach (SignedEnvelope envelope in page.Grants.OfType<SignedEnvelope>())
            if (Admit(GrantGate.Check(envelope, authority, (ulong)time.UnixNs()), envelope, "A grant", refused) is { } received)
                accepted.Add(received);
        return accepted;
    }

    private Received<T>? Admit<T>(EnvelopeVerdict<T> verdict, SignedEnvelope envelope, string what, List<string> refused)
        where T : class
    {
        string from = verdict.Sender is { } sender ? $" of '{sender.Name}'" : "";
        if (!verdict.IsAccepted)
            Note(refused, $"{what}{from} is refused: {verdict.Reason}");
        else if (_revoked.Contains(verdict.Sender.IdentityFingerprint))
            Note(refused, $"{what}{from} is refused: it was revoked.");
        else
            return new Received<T>(envelope, verdict.Sender, verdict.Content);
        return null;
    }

    private static void Note(List<string> refused, string reason)
    {
        if (refused.Count < MostReasons)
            refused.Add(reason);
    }

    private readonly record struct LastAccepted(ulong Sequence, Fingerprint Body);
}
