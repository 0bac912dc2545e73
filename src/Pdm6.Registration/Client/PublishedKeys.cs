using System.Diagnostics.CodeAnalysis;
using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>Checks what a registrar says about somebody's keys: its word alone is not believed.</summary>
public static class PublishedKeys
{
    /// <summary>The participant and the key to seal to, if the authority knows the participant and he signed the key.</summary>
    /// <param name="answer">From the registrar.</param>
    /// <param name="authority">Who must know the participant.</param>
    /// <param name="role">What he must be.</param>
    /// <param name="nowUnixNs">Unix time.</param>
    /// <param name="participant">Who and how.</param>
    /// <param name="error">What is wrong, in one sentence.</param>
    public static bool TryVerify(
        ParticipantKeys answer, AuthorityCertificate authority, Role role, ulong nowUnixNs,
        [NotNullWhen(true)] out Addressee? participant, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(authority);
        participant = null;
        if (!ParticipantCertificate.TryParse(answer.Certificate, out ParticipantCertificate? certificate, out error))
            return false;
        if (!certificate.IsIssuedBy(authority) || !certificate.IsValidAt(nowUnixNs) || certificate.Role != role)
        {
            error = $"The certificate of {certificate.Name} is not one of the authority, valid now and of the right role.";
            return false;
        }
        if (answer.KeyBundle is not { } bundle)
        {
            error = $"{certificate.Name} has published no key yet.";
            return false;
        }
        EnvelopeVerdict<KeyBundle> verdict = KeyBundleGate.Check(bundle, authority, nowUnixNs, static _ => null);
        if (!verdict.IsAccepted)
        {
            error = verdict.Reason;
            return false;
        }
        if (verdict.Sender.IdentityFingerprint != certificate.IdentityFingerprint)
        {
            error = $"The keys of {certificate.Name} are signed by somebody else.";
            return false;
        }
        if (!verdict.Content.TryChoose(out Recipient? recipient))
        {
            error = $"This machine can use none of the keys of {certificate.Name}.";
            return false;
        }
        participant = new Addressee(certificate, recipient);
        return true;
    }
}
