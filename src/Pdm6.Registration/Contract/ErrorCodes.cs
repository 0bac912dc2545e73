namespace Pdm6.Registration.Contract;

/// <summary>The codes of <see cref="ErrorAnswer"/>, by the status they come with.</summary>
public static class ErrorCodes
{
    /// <summary>400: the body or a parameter is not what the route takes.</summary>
    public const string Malformed = "malformed";
    /// <summary>400: the certificate request is no PKCS #10 of a P-256 key, or its signature is wrong.</summary>
    public const string BadCertificateRequest = "bad-certificate-request";
    /// <summary>400: the name is no participant's name.</summary>
    public const string BadName = "bad-name";
    /// <summary>400: the body of the envelope is not what its route takes.</summary>
    public const string BadEnvelope = "bad-envelope";
    /// <summary>400: it was issued in the future; the sender's clock or the registrar's is wrong.</summary>
    public const string ClockSkew = "clock-skew";
    /// <summary>401: the route asks for a certificate.</summary>
    public const string CertificateRequired = "certificate-required";
    /// <summary>401: the certificate is not one of this authority, or its time has passed or not begun.</summary>
    public const string CertificateRefused = "certificate-refused";
    /// <summary>403: not a token of this registrar.</summary>
    public const string TokenUnknown = "token-unknown";
    /// <summary>403: the token belongs to a registrar with another authority.</summary>
    public const string TokenForeign = "token-foreign";
    /// <summary>403: the token or the caller's certificate is for the other role.</summary>
    public const string WrongRole = "wrong-role";
    /// <summary>403: a prefix or an address is outside what the caller may use.</summary>
    public const string PrefixNotAllowed = "prefix-not-allowed";
    /// <summary>403: the envelope is signed by somebody else, or its signature is wrong.</summary>
    public const string BadSignature = "bad-signature";
    /// <summary>403: the participant was revoked.</summary>
    public const string Revoked = "revoked";
    /// <summary>403: who decides about enrolments said no.</summary>
    public const string EnrollmentDenied = "enrollment-denied";
    /// <summary>404: no such route.</summary>
    public const string NotFound = "not-found";
    /// <summary>404: no endpoint has a live announcement of the address.</summary>
    public const string NoOwner = "no-owner";
    /// <summary>405: the route takes another method.</summary>
    public const string MethodNotAllowed = "method-not-allowed";
    /// <summary>409: another participant has the name.</summary>
    public const string NameTaken = "name-taken";
    /// <summary>409: the identity key is enrolled with another name, role or prefixes.</summary>
    public const string KeyTaken = "key-taken";
    /// <summary>409: an address is live at another endpoint.</summary>
    public const string AddressTaken = "address-taken";
    /// <summary>409: a higher sequence of this sender is known already.</summary>
    public const string StaleSequence = "stale-sequence";
    /// <summary>409: a key that it is sealed to belongs to nobody who may have it, or no more.</summary>
    public const string RecipientUnknown = "recipient-unknown";
    /// <summary>409: the sender has not announced the context of the grant, or another sender has the context.</summary>
    public const string ContextUnknown = "context-unknown";
    /// <summary>410: the token's time has passed.</summary>
    public const string TokenExpired = "token-expired";
    /// <summary>410: the token has no use left.</summary>
    public const string TokenUsed = "token-used";
    /// <summary>410: the operator revoked the token.</summary>
    public const string TokenRevoked = "token-revoked";
    /// <summary>410: the announcement, key bundle or grant has expired.</summary>
    public const string Expired = "expired";
    /// <summary>413: the body is too long.</summary>
    public const string TooLarge = "too-large";
    /// <summary>429: too many requests; <c>Retry-After</c> says when to come back.</summary>
    public const string RateLimited = "rate-limited";
    /// <summary>503: the registrar cannot do it now; the same again later.</summary>
    public const string Unavailable = "unavailable";
}
