using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>Takes the keys that participants signed for.</summary>
internal sealed class KeyBundleService(RegistrarStore store, AuthorityCertificate authority, TimeProvider time)
{
    /// <summary>Keeps a bundle; the same bundle again is no change. The answer is null, or why it is refused.</summary>
    public async Task<Refusal?> PutAsync(Caller caller, SignedEnvelope envelope)
    {
        EnvelopeVerdict<KeyBundle> verdict = KeyBundleGate.Check(envelope, authority, (ulong)time.UnixNs(), _ => null);
        if (!verdict.IsAccepted)
            return EnvelopeRefusals.Of(verdict.Refusal, verdict.Reason);
        return EnvelopeRefusals.OfStranger(caller, verdict.Sender)
            ?? await store.WriteAsync(transaction => Put(transaction, verdict.Sender, verdict.Content, envelope)).ConfigureAwait(false);
    }

    private Refusal? Put(StoreTransaction transaction, ParticipantCertificate sender, KeyBundle bundle, SignedEnvelope envelope)
    {
        StoredParticipant? participant = ParticipantTable.Find(transaction.Sql, sender.IdentityFingerprint);
        if (Gate.Standing(participant) is { } refusal)
            return refusal;
        if (KeyBundleTable.IsNewest(transaction.Sql, sender.IdentityFingerprint, envelope.Body))
            return null;
        // What the sequence is compared with must not change any more.
        EnvelopeVerdict<KeyBundle> verdict = KeyBundleGate.Check(
            envelope, authority, (ulong)transaction.NowNs, _ => StoredSequence.Read(participant!.BundleSequence));
        if (!verdict.IsAccepted)
            return EnvelopeRefusals.Of(verdict.Refusal, verdict.Reason);
        List<string> keyIds = [.. bundle.Keys.Select(key => key.KeyId.ToString())];
        // Nobody proves here that it holds the private keys: who signs for another's would read along in that one's feed.
        if (keyIds.Find(keyId => KeyBundleTable.IsOfAnother(transaction.Sql, sender.IdentityFingerprint, keyId)) is { } taken)
            return Refusal.Conflict(ErrorCodes.KeyTaken, $"Another participant has the key {taken}: make a new one ('pdm6 keys rotate').");
        string hash = ParticipantTable.AddCertificate(
            transaction.Sql, sender.IdentityFingerprint, envelope.Certificate, sender.NotAfter.ToUnixNs());
        KeyBundleTable.Set(
            transaction.Sql, sender.IdentityFingerprint, StoredSequence.Write(bundle.Sequence), hash, envelope, keyIds);
        transaction.Audit(sender.Name, "keys-put", sender.IdentityFingerprint.ToString(), "", string.Join(' ', keyIds));
        if (sender.Role == Role.Analyzer)
            transaction.AnalyzersChanged();
        return null;
    }
}
