using Microsoft.AspNetCore.Http;
using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Server;

/// <summary>What the gates say, as HTTP says it.</summary>
internal static class EnvelopeRefusals
{
    /// <summary>The refusal that goes with a gate's answer.</summary>
    public static Refusal Of(EnvelopeRefusal refusal, string reason)
    {
        (int status, string code) = refusal switch
        {
            EnvelopeRefusal.UnreadableCertificate or EnvelopeRefusal.TooLong or EnvelopeRefusal.Malformed
                or EnvelopeRefusal.LivesTooLong => (StatusCodes.Status400BadRequest, ErrorCodes.BadEnvelope),
            EnvelopeRefusal.FromTheFuture => (StatusCodes.Status400BadRequest, ErrorCodes.ClockSkew),
            EnvelopeRefusal.ForeignCertificate or EnvelopeRefusal.CertificateNotValidThen =>
                (StatusCodes.Status403Forbidden, ErrorCodes.CertificateRefused),
            EnvelopeRefusal.BadSignature => (StatusCodes.Status403Forbidden, ErrorCodes.BadSignature),
            EnvelopeRefusal.WrongRole => (StatusCodes.Status403Forbidden, ErrorCodes.WrongRole),
            EnvelopeRefusal.AddressOutsidePrefixes => (StatusCodes.Status403Forbidden, ErrorCodes.PrefixNotAllowed),
            EnvelopeRefusal.Expired => (StatusCodes.Status410Gone, ErrorCodes.Expired),
            EnvelopeRefusal.StaleSequence => (StatusCodes.Status409Conflict, ErrorCodes.StaleSequence),
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "Not a refusal."),
        };
        return new Refusal(status, code, reason);
    }

    /// <summary>Why the caller may not hand in what somebody else signed; null if it signed it itself.</summary>
    public static Refusal? OfStranger(Caller caller, Security.Identity.ParticipantCertificate signer) =>
        signer.IdentityFingerprint == caller.Fingerprint
            ? null
            : Refusal.Forbidden(ErrorCodes.BadSignature, $"{signer.Name} signed it, and {caller.Certificate.Name} sent it: send what is your own.");
}
