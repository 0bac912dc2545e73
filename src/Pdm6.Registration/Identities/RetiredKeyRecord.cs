namespace Pdm6.Registration.Identities;

/// <summary>A former HPKE key.</summary>
/// <param name="KeyId">Its identifier.</param>
/// <param name="RetiredAtUnixNs">Since when another one is current, nanoseconds since the Unix epoch.</param>
internal sealed record RetiredKeyRecord(string KeyId, ulong RetiredAtUnixNs);
