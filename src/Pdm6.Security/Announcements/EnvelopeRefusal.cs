namespace Pdm6.Security.Announcements;

/// <summary>Why an envelope is not accepted.</summary>
public enum EnvelopeRefusal
{
    /// <summary>It is accepted.</summary>
    None,
    /// <summary>The signer's certificate is not a participant's.</summary>
    UnreadableCertificate,
    /// <summary>The signer's certificate is not one of the authority.</summary>
    ForeignCertificate,
    /// <summary>The body is longer than <see cref="SignedEnvelope.LongestBody"/>.</summary>
    TooLong,
    /// <summary>The signature is not the signer's, or not of this kind and body.</summary>
    BadSignature,
    /// <summary>The body is not what the envelope should hold.</summary>
    Malformed,
    /// <summary>The signer's certificate was not valid when it signed.</summary>
    CertificateNotValidThen,
    /// <summary>The signer has another role.</summary>
    WrongRole,
    /// <summary>An address is outside the prefixes of the signer's certificate.</summary>
    AddressOutsidePrefixes,
    /// <summary>It was issued in the future: one of the clocks is wrong.</summary>
    FromTheFuture,
    /// <summary>It would be valid for longer than anything of its kind may be.</summary>
    LivesTooLong,
    /// <summary>Its time has passed.</summary>
    Expired,
    /// <summary>A sequence at least as high is known of this sender.</summary>
    StaleSequence,
}
