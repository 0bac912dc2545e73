using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>Gets a new certificate for the same identity key when two thirds of the old one's life are over.</summary>
/// <param name="directory">Whose certificate.</param>
/// <param name="time">The clock.</param>
internal sealed class CertificateRenewal(IdentityDirectory directory, TimeProvider time)
{
    /// <summary>From when on to ask.</summary>
    public DateTimeOffset DueAt
    {
        get
        {
            ParticipantCertificate current = directory.Certificate;
            return current.NotBefore + (current.NotAfter - current.NotBefore) * 2 / 3;
        }
    }

    /// <summary>True if it is time to ask.</summary>
    public bool IsDue => time.GetUtcNow() >= DueAt;

    /// <summary>Asks, and puts the new certificate in place of the old one. A crash before that costs nothing: the old one
    /// stays, and the next one is asked for again.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    /// <exception cref="IOException">The directory cannot be written to.</exception>
    public async Task<RegistrarReply<RenewalAnswer>> RenewAsync(RegistrarClient client, CancellationToken stop)
    {
        ParticipantCertificate old = directory.Certificate;
        using IdentityKey identity = directory.OpenIdentityKey();
        RegistrarReply<RenewalAnswer> reply = await client
            .RenewAsync(new RenewalRequest(identity.CreateRequest(old.Name)), stop).ConfigureAwait(false);
        if (!reply.IsAccepted)
            return reply;
        if (!ParticipantCertificate.TryParse(reply.Value!.Certificate, out ParticipantCertificate? renewed, out string? error))
            return Wrong($"no certificate ({error})");
        if (!renewed.IsIssuedBy(directory.Authority) || renewed.IdentityFingerprint != old.IdentityFingerprint
            || renewed.Name != old.Name || renewed.Role != old.Role || renewed.NotAfter <= old.NotAfter)
            return Wrong("a certificate that does not renew ours");
        directory.Replace(renewed);
        return reply;
    }

    private static RegistrarReply<RenewalAnswer> Wrong(string what) =>
        new(RegistrarOutcome.Refused, null, Message: $"the registrar sent {what}: tell the operator");
}
