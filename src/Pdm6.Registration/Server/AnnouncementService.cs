using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Server;

/// <summary>
/// Takes announcements: from endpoints, of addresses that are theirs, sealed to analyzers that are enrolled. What is
/// sealed stays closed here.
/// </summary>
internal sealed class AnnouncementService(RegistrarStore store, AuthorityCertificate authority, TimeProvider time)
{
    /// <summary>Keeps an announcement and lets the feeds carry it. The same announcement again is no change: a sender
    /// that never saw the answer asks again.</summary>
    public async Task<Decision<VersionAnswer>> PutAsync(Caller caller, SignedEnvelope envelope)
    {
        // The signature outside the transaction, where processors are many; what the store decides inside.
        EnvelopeVerdict<SealedAnnouncement> verdict = AnnouncementGate.Check(envelope, authority, (ulong)time.UnixNs(), _ => null);
        if (!verdict.IsAccepted)
            return EnvelopeRefusals.Of(verdict.Refusal, verdict.Reason);
        if (EnvelopeRefusals.OfStranger(caller, verdict.Sender) is { } refusal)
            return refusal;
        return await store.WriteAsync(transaction => Put(transaction, verdict.Sender, verdict.Content, envelope)).ConfigureAwait(false);
    }

    private static Decision<VersionAnswer> Put(
        StoreTransaction transaction, ParticipantCertificate sender, SealedAnnouncement content, SignedEnvelope envelope)
    {
        Announcement announcement = content.Announcement;
        StoredParticipant? participant = ParticipantTable.Find(transaction.Sql, sender.IdentityFingerprint);
        if (Gate.Standing(participant) is { } refusal)
            return refusal;
        string context = announcement.ContextId.ToString();
        if (AnnouncementTable.VersionOf(transaction.Sql, context, envelope.Body) is { } known)
            return new VersionAnswer(known);
        if (StoredSequence.Read(participant!.LastSequence) is { } last && announcement.Sequence <= last)
            return Refusal.Conflict(
                ErrorCodes.StaleSequence, $"Its sequence is not above {last}, the last of this sender: it is old, or played again; make a new one.");
        if (announcement.AgentName != sender.Name)
            return new Refusal(400, ErrorCodes.BadEnvelope, $"It calls its sender {announcement.AgentName}, and the certificate says {sender.Name}: announce under that name.");
        // The certificate may be older than the operator's last word.
        if (announcement.Addresses.Where(address => !participant.Prefixes.Any(own => own.Contains(address))).ToList() is [Ipv6Address outside, ..])
            return Refusal.Forbidden(
                ErrorCodes.PrefixNotAllowed, $"{outside} is outside what {sender.Name} may use now: renew the certificate, and announce other addresses.");
        byte[][] addresses = [.. announcement.Addresses.Select(Octets)];
        string[] recipients = [.. (announcement.Recipients ?? []).Select(key => key.ToString())];
        if (Why(transaction, sender, context, announcement, addresses, recipients) is { } reason)
            return reason;
        return Keep(transaction, sender, announcement, envelope, addresses, recipients);
    }

    private static Refusal? Why(
        StoreTransaction transaction, ParticipantCertificate sender, string context, Announcement announcement,
        byte[][] addresses, string[] recipients)
    {
        if (AnnouncementTable.IsOfAnother(transaction.Sql, context, sender.IdentityFingerprint))
            return Refusal.Conflict(ErrorCodes.ContextUnknown, "Another sender has this context: make a new one.");
        IReadOnlyList<Ipv6Prefix>? shared = null;
        for (int i = 0; i < addresses.Length; i++)
            if (AnnouncementTable.NameOfOther(transaction.Sql, addresses[i], sender.IdentityFingerprint, transaction.NowNs) is { } other
                && !(shared ??= SharedPrefixTable.All(transaction.Sql)).Any(prefix => prefix.Contains(announcement.Addresses[i])))
                return Refusal.Conflict(
                    ErrorCodes.AddressTaken,
                    $"{announcement.Addresses[i]} is live at {other}: let the operator revoke that one, or share the address ('pdm6 registrar share').");
        foreach (string recipient in recipients)
            if (!KeyBundleTable.IsHeld(transaction.Sql, recipient, Role.Analyzer))
                return Refusal.Conflict(
                    ErrorCodes.RecipientUnknown, $"No live analyzer has the key {recipient}: read the list of analyzers again, and begin a new context.");
        return null;
    }

    private static VersionAnswer Keep(
        StoreTransaction transaction, ParticipantCertificate sender, Announcement announcement, SignedEnvelope envelope,
        byte[][] addresses, string[] recipients)
    {
        string context = announcement.ContextId.ToString();
        long version = transaction.NextVersion();
        AnnouncementTable.Put(transaction.Sql, new StoredAnnouncement
        {
            ContextId = context,
            Version = version,
            Sender = sender.IdentityFingerprint,
            IssuedNs = UnixTime.Clamp(announcement.IssuedAtUnixNs),
            NotAfterNs = UnixTime.Clamp(announcement.NotAfterUnixNs),
            CertificateHash = ParticipantTable.AddCertificate(
                transaction.Sql, sender.IdentityFingerprint, envelope.Certificate, sender.NotAfter.ToUnixNs()),
            Envelope = envelope,
            Addresses = addresses,
            Recipients = recipients,
        });
        ParticipantTable.SetLastSequence(
            transaction.Sql, sender.IdentityFingerprint, StoredSequence.Write(announcement.Sequence));
        transaction.Audit(
            sender.Name, "announced", context, string.Join(' ', announcement.Addresses),
            recipients.Length == 0 ? "sealed to nobody" : $"sealed to {string.Join(' ', recipients)}");
        return new VersionAnswer(version);
    }

    internal static byte[] Octets(Ipv6Address address)
    {
        byte[] octets = new byte[Ipv6Address.Size];
        address.Write(octets);
        return octets;
    }
}
