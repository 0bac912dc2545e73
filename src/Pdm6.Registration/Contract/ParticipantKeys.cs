using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Contract;

/// <summary>A participant and the keys that others may seal to.</summary>
/// <param name="Certificate">Its newest certificate, DER.</param>
/// <param name="KeyBundle">Its newest key bundle; null until it has put one.</param>
public sealed record ParticipantKeys(byte[] Certificate, SignedEnvelope? KeyBundle = null);
