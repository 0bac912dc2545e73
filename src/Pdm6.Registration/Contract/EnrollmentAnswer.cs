namespace Pdm6.Registration.Contract;

/// <summary>The caller is enrolled (201).</summary>
/// <param name="Certificate">The participant's certificate, DER.</param>
/// <param name="Authority">The authority's certificate, DER.</param>
/// <param name="ParticipantId">The fingerprint of the identity key: what people pin.</param>
public sealed record EnrollmentAnswer(byte[] Certificate, byte[] Authority, string ParticipantId);
