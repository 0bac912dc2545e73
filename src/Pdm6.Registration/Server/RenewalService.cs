using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>New certificates for participants whose own end soon: same key, name, role and prefixes.</summary>
internal sealed class RenewalService(RegistrarStore store, Issuance issuance)
{
    public async Task<Decision<RenewalAnswer>> RenewAsync(Caller caller, RenewalRequest request)
    {
        if (!ParticipantRequest.TryParse(request.Request, out ParticipantRequest? read, out string? error))
            return new Refusal(400, ErrorCodes.BadCertificateRequest, error);
        if (read.IdentityFingerprint != caller.Fingerprint)
            return Refusal.Conflict(
                ErrorCodes.KeyTaken, "The request is of another key than the certificate: renew with the same key, or enrol anew.");
        return await store.WriteAsync<Decision<RenewalAnswer>>(transaction =>
        {
            StoredParticipant? participant = ParticipantTable.Find(transaction.Sql, caller.Fingerprint);
            return Gate.Standing(participant) is { } refusal
                ? refusal
                : new RenewalAnswer(issuance.Issue(transaction, participant!, read, "renewed"));
        }).ConfigureAwait(false);
    }
}
