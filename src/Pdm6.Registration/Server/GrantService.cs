using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>Takes grants of contexts that their sender announced, sealed to participants that are enrolled.</summary>
internal sealed class GrantService(RegistrarStore store, AuthorityCertificate authority, TimeProvider time)
{
    /// <summary>Keeps all, or none.</summary>
    public async Task<Decision<VersionAnswer>> PutAsync(Caller caller, IReadOnlyList<SignedEnvelope> envelopes)
    {
        if (envelopes.Count is 0 or > RegistrarLimits.MostGrants || envelopes.Contains(null!))
            return Refusal.Malformed($"Send 1 to {RegistrarLimits.MostGrants} grants at once.");
        List<(SignedEnvelope Envelope, EnvelopeVerdict<SealedGrant> Verdict)> grants = [];
        ulong now = (ulong)time.UnixNs();
        foreach (SignedEnvelope envelope in envelopes)
        {
            EnvelopeVerdict<SealedGrant> verdict = GrantGate.Check(envelope, authority, now);
            if (!verdict.IsAccepted)
                return EnvelopeRefusals.Of(verdict.Refusal, verdict.Reason);
            if (EnvelopeRefusals.OfStranger(caller, verdict.Sender) is { } refusal)
                return refusal;
            grants.Add((envelope, verdict));
        }
        return await store.WriteAsync(transaction => Put(transaction, caller, grants)).ConfigureAwait(false);
    }

    private static Decision<VersionAnswer> Put(
        StoreTransaction transaction, Caller caller, List<(SignedEnvelope Envelope, EnvelopeVerdict<SealedGrant> Verdict)> grants)
    {
        if (Gate.Standing(transaction.Sql, caller) is { } refusal)
            return refusal;
        List<long> ends = [];
        foreach ((_, EnvelopeVerdict<SealedGrant> verdict) in grants)
        {
            Decision<long> end = EndOf(transaction, caller, verdict.Content!.Grant);
            if (end.IsRefused)
                return end.Refusal;
            ends.Add(end.Result);
        }
        // From here on nothing is refused: a refusal would leave the grants before it half done.
        for (int i = 0; i < grants.Count; i++)
            Keep(transaction, grants[i].Envelope, grants[i].Verdict.Sender!, grants[i].Verdict.Content!.Grant, ends[i]);
        return new VersionAnswer(transaction.Version);
    }

    private static Decision<long> EndOf(StoreTransaction transaction, Caller caller, Grant grant)
    {
        if (AnnouncementTable.EndOf(transaction.Sql, grant.ContextId.ToString(), caller.Fingerprint) is not { } end)
            return Refusal.Conflict(
                ErrorCodes.ContextUnknown, $"The context {grant.ContextId} is not announced by {caller.Certificate.Name}: announce it first.");
        if (end <= transaction.NowNs)
            return Refusal.Gone(ErrorCodes.Expired, $"The context {grant.ContextId} has ended: begin a new one.");
        // The certificate covers a whole prefix: the address could be live at another endpoint.
        if (!AnnouncementTable.HasAddress(transaction.Sql, grant.ContextId.ToString(), AnnouncementService.Octets(grant.Source)))
            return Refusal.Forbidden(
                ErrorCodes.PrefixNotAllowed, $"{grant.Source} is not an address of the context {grant.ContextId}: announce it first.");
        string recipient = grant.Recipient.ToString();
        return KeyBundleTable.IsHeld(transaction.Sql, recipient, Role.Endpoint)
            ? end
            : Refusal.Conflict(
                ErrorCodes.RecipientUnknown, $"No live endpoint has the key {recipient}: ask again who owns {grant.Destination}.");
    }

    private static void Keep(
        StoreTransaction transaction, SignedEnvelope envelope, ParticipantCertificate sender, Grant grant, long endNs)
    {
        string recipient = grant.Recipient.ToString();
        GrantTable.Put(
            transaction.Sql, grant.ContextId.ToString(), AnnouncementService.Octets(grant.Source),
            AnnouncementService.Octets(grant.Destination), recipient, transaction.NextVersion(), endNs,
            ParticipantTable.AddCertificate(
                transaction.Sql, sender.IdentityFingerprint, envelope.Certificate, sender.NotAfter.ToUnixNs()),
            envelope);
    }
}
