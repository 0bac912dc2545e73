namespace Pdm6.Registration.Contract;

/// <summary>The registrar's certificate authority. Nobody has to believe this answer: a token carries the fingerprint.</summary>
/// <param name="Certificate">DER.</param>
public sealed record AuthorityAnswer(byte[] Certificate);
