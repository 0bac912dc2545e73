namespace Pdm6.Security.Announcements;

/// <summary>The sentences that go with <see cref="EnvelopeRefusal"/>.</summary>
internal static class RefusalText
{
    public static string Of(EnvelopeRefusal refusal, string? detail) => refusal switch
    {
        EnvelopeRefusal.UnreadableCertificate => $"The signer's certificate cannot be used: {detail}",
        EnvelopeRefusal.ForeignCertificate =>
            "The signer's certificate is not one of this authority: enrol with this registrar, or name the authority that issued it.",
        EnvelopeRefusal.TooLong => $"The body has more than {SignedEnvelope.LongestBody} octets: name fewer recipients.",
        EnvelopeRefusal.BadSignature => "The signature is wrong: the envelope was altered, or another key signed it; send it again as it was signed.",
        EnvelopeRefusal.Malformed => detail ?? "The body cannot be read.",
        EnvelopeRefusal.CertificateNotValidThen =>
            "The signer's certificate was not valid when it signed: renew the certificate, and check the clock.",
        EnvelopeRefusal.WrongRole => "The signer is not an endpoint: enrol with a token for that role.",
        EnvelopeRefusal.AddressOutsidePrefixes =>
            $"Address {detail} is outside the prefixes of the signer's certificate: enrol with a token for its prefix, or do not announce it.",
        EnvelopeRefusal.FromTheFuture => $"It was issued {detail} s in the future: set the clocks of both hosts right.",
        EnvelopeRefusal.LivesTooLong => $"It is valid for more than {detail}: issue it for a shorter time.",
        EnvelopeRefusal.Expired => "Its time has passed: make a new one, and check the clock.",
        EnvelopeRefusal.StaleSequence =>
            $"Its sequence is not above {detail}, the last of this sender: it is old, or played again; make a new one.",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No such refusal."),
    };
}
