using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>Gives participants certificates, as a part of a transaction.</summary>
internal sealed class Issuance(CertificateAuthority authority, TimeSpan lifetime)
{
    // Hosts whose clocks are a little behind take the certificate too.
    private static readonly TimeSpan _backdated = TimeSpan.FromMinutes(5);

    public CertificateAuthority Authority => authority;

    /// <summary>Issues and keeps a certificate, and writes the audit log.</summary>
    /// <param name="transaction">What it is a part of.</param>
    /// <param name="participant">Who gets it; already in the store.</param>
    /// <param name="request">The request, whose key is the participant's.</param>
    /// <param name="action">For the audit log: <c>enrolled</c> or <c>renewed</c>.</param>
    /// <returns>DER.</returns>
    public byte[] Issue(StoreTransaction transaction, StoredParticipant participant, ParticipantRequest request, string action)
    {
        DateTimeOffset now = UnixTime.FromUnixNs(transaction.NowNs);
        DateTimeOffset from = Later(now - _backdated, authority.Certificate.NotBefore);
        DateTimeOffset until = Earlier(now + lifetime, authority.Certificate.NotAfter);
        byte[] certificate = authority.Issue(request, participant.Role, participant.Name, participant.Prefixes, from, until);
        ParticipantTable.SetCertificate(transaction.Sql, participant.Fingerprint, certificate, until.ToUnixNs());
        transaction.Audit(
            participant.Name, action, participant.Fingerprint.ToString(), PrefixText.Of(participant.Prefixes),
            $"{Contract.RoleText.Of(participant.Role)} by {participant.Source}, until {until:yyyy-MM-dd HH:mm:ss}Z");
        if (participant.Role == Role.Analyzer)
            transaction.AnalyzersChanged();
        return certificate;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
