using System.Net;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Server;

/// <summary>
/// First certificates. A host that asks again with the same ground and key, because it never saw the answer, gets the
/// same certificate, and its token is used once.
/// </summary>
internal sealed class EnrollmentService(RegistrarStore store, Issuance issuance, IEnrollmentJudge? judge)
{
    /// <summary>Enrols, or says what is missing.</summary>
    /// <param name="request">From anywhere.</param>
    /// <param name="from">Where it comes from.</param>
    /// <param name="cancellationToken">The host has gone away.</param>
    /// <returns>The answer; null while an operator has to approve.</returns>
    public async Task<Decision<EnrollmentOutcome>> EnrollAsync(
        EnrollmentRequest request, IPAddress from, CancellationToken cancellationToken)
    {
        Decision<Applicant> read = Applicant.Read(request);
        if (read.IsRefused)
            return read.Refusal;
        Applicant applicant = read.Result;
        if (!request.Token.StartsWith(EnrollmentToken.Prefix, StringComparison.Ordinal))
            return await JudgeAsync(request.Token, applicant, from, cancellationToken).ConfigureAwait(false);
        if (!EnrollmentToken.TryParse(request.Token, out EnrollmentToken? token, out string? error))
            return Refusal.Malformed(error);
        if (token.Authority != issuance.Authority.Fingerprint)
            return Refusal.Forbidden(
                ErrorCodes.TokenForeign, $"The token {token.Id} belongs to another registrar: check the URL, or ask this one's operator.");
        return await store.WriteAsync(transaction => WithToken(transaction, token, applicant)).ConfigureAwait(false);
    }

    private async Task<Decision<EnrollmentOutcome>> JudgeAsync(
        string credential, Applicant applicant, IPAddress from, CancellationToken cancellationToken)
    {
        if (judge is null)
            return Refusal.Forbidden(
                ErrorCodes.TokenUnknown, "This is not a token: it begins with pdm6-token-1.; ask the operator for one.");
        EnrollmentVerdict verdict = await judge.JudgeAsync(
            new EnrollmentQuestion(
                credential, applicant.Name, applicant.Role, applicant.Prefixes, applicant.Request.IdentityFingerprint, from),
            cancellationToken).ConfigureAwait(false);
        return verdict switch
        {
            EnrollmentVerdict.Accepted accepted => await store.WriteAsync(transaction => WithGround(
                transaction, new EnrollmentGround(accepted.Source, accepted.Prefixes, accepted.NeedsApproval), applicant, () => null))
                .ConfigureAwait(false),
            EnrollmentVerdict.Denied denied => Refusal.Forbidden(ErrorCodes.EnrollmentDenied, denied.Reason),
            EnrollmentVerdict.Undecided undecided => new Refusal(503, ErrorCodes.Unavailable, undecided.Reason),
            _ => throw new InvalidOperationException($"{judge.GetType()} answered with a verdict of its own."),
        };
    }

    private Decision<EnrollmentOutcome> WithToken(StoreTransaction transaction, EnrollmentToken token, Applicant applicant)
    {
        Decision<StoredToken> found = TokenCheck.Find(transaction, token, applicant);
        if (found.IsRefused)
            return found.Refusal;
        StoredToken stored = found.Result;
        return WithGround(transaction, new EnrollmentGround(stored.Id, stored.Prefixes, stored.NeedsApproval), applicant, () =>
        {
            if (TokenCheck.NoMore(transaction, stored) is { } refusal)
                return refusal;
            TokenTable.Use(transaction.Sql, stored.Id);
            return null;
        });
    }

    /// <param name="transaction">What it is a part of.</param>
    /// <param name="ground">Why.</param>
    /// <param name="applicant">Who.</param>
    /// <param name="use">Called once if the ground is used for somebody new; may refuse.</param>
    private Decision<EnrollmentOutcome> WithGround(
        StoreTransaction transaction, EnrollmentGround ground, Applicant applicant, Func<Refusal?> use)
    {
        if (applicant.Prefixes?.Where(asked => !ground.Prefixes.Any(own => own.Contains(asked))).ToList() is [Ipv6Prefix outside, ..])
            return Refusal.Forbidden(
                ErrorCodes.PrefixNotAllowed, $"{outside} is outside what was allowed ({PrefixText.Of(ground.Prefixes)}): ask for less, or for another token.");
        IReadOnlyList<Ipv6Prefix> prefixes = applicant.Prefixes ?? ground.Prefixes;
        Fingerprint identity = applicant.Request.IdentityFingerprint;
        StoredParticipant? known = ParticipantTable.Find(transaction.Sql, identity);
        if (known?.State == ParticipantState.Revoked)
            return Refusal.Revoked;
        if (known is not null && (known.Name != applicant.Name || known.Role != applicant.Role))
            return Refusal.Conflict(
                ErrorCodes.KeyTaken, $"This identity key is enrolled as {known.Name} ({RoleText.Of(known.Role)}): keep that name and role, or make a new key.");
        if (known is null || known.Source != ground.Source || !known.Prefixes.SequenceEqual(prefixes))
        {
            if (ParticipantTable.FindByName(transaction.Sql, applicant.Name) is { } holder && holder.Fingerprint != identity)
                return Refusal.Conflict(
                    ErrorCodes.NameTaken, $"Another participant is called {applicant.Name}: choose another name, or let the operator revoke that one.");
            if (use() is { } refusal)
                return refusal;
            known = Admit(transaction, ground, applicant, prefixes, known);
        }
        return Answer(transaction, known, applicant);
    }

    private static StoredParticipant Admit(
        StoreTransaction transaction, EnrollmentGround ground, Applicant applicant, IReadOnlyList<Ipv6Prefix> prefixes,
        StoredParticipant? known)
    {
        StoredParticipant admitted = new()
        {
            Fingerprint = applicant.Request.IdentityFingerprint,
            Name = applicant.Name,
            Role = applicant.Role,
            Prefixes = prefixes,
            State = ground.NeedsApproval ? ParticipantState.Pending : ParticipantState.Approved,
            Source = ground.Source,
            CreatedNs = transaction.NowNs,
        };
        if (known is null)
            ParticipantTable.Add(transaction.Sql, admitted);
        else
            ParticipantTable.Update(transaction.Sql, admitted);
        if (ground.NeedsApproval)
            transaction.Audit(
                admitted.Name, "asked", admitted.Fingerprint.ToString(), PrefixText.Of(prefixes),
                $"{RoleText.Of(admitted.Role)} by {ground.Source}");
        return admitted;
    }

    private Decision<EnrollmentOutcome> Answer(StoreTransaction transaction, StoredParticipant participant, Applicant applicant)
    {
        string id = participant.Fingerprint.ToString();
        if (participant.State == ParticipantState.Pending)
            return new EnrollmentOutcome(null, new PendingAnswer(id));
        byte[] certificate = participant.Certificate;
        if (participant.State == ParticipantState.Approved)
            certificate = issuance.Issue(transaction, participant, applicant.Request, "enrolled");
        else if (participant.CertificateEndsNs <= transaction.NowNs)
            return Refusal.Gone(ErrorCodes.Expired, "The certificate of this enrolment has ended: enrol again with a new token.");
        return new EnrollmentOutcome(
            new EnrollmentAnswer(certificate, issuance.Authority.Certificate.Der.ToArray(), id), null);
    }
}
