namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>Why a request is not done: Error-Cause, RFC 5176 section 3.5.</summary>
internal enum ErrorCause
{
    /// <summary>It is done.</summary>
    None = 0,
    /// <summary>It has an attribute that this registrar would have to ignore: it might mean less than a whole participant.</summary>
    UnsupportedAttribute = 401,
    /// <summary>User-Name or Event-Timestamp is missing.</summary>
    MissingAttribute = 402,
    /// <summary>NAS-Identifier names another registrar.</summary>
    NasIdentificationMismatch = 403,
    /// <summary>An attribute has a value that cannot be.</summary>
    InvalidAttributeValue = 407,
    /// <summary>Change-of-Authorization is not offered.</summary>
    UnsupportedExtension = 406,
    /// <summary>No participant that is not revoked has this name.</summary>
    SessionContextNotFound = 503,
    /// <summary>It could not be stored, or too many requests came within a short time: the same again later.</summary>
    ResourcesUnavailable = 506,
}
