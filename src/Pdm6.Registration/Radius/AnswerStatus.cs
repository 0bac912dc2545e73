namespace Pdm6.Registration.Radius;

/// <summary>What a datagram turned out to be that came in place of an answer. All but <see cref="Ok"/> are passed over
/// in silence: the true answer may still come.</summary>
internal enum AnswerStatus
{
    /// <summary>The answer.</summary>
    Ok,
    /// <summary>No RADIUS packet.</summary>
    Malformed,
    /// <summary>No answer to an Access-Request, or to another one.</summary>
    NotAnAnswer,
    /// <summary>It could come from anybody who can find MD5 collisions: CVE-2024-3596.</summary>
    NoMessageAuthenticator,
    /// <summary>Somebody made it who does not know the secret.</summary>
    NotAuthentic,
}
