using Pdm6.Security;

namespace Pdm6.Registration.Identities;

/// <summary>What there is to say of an HPKE key.</summary>
/// <param name="KeyId">Its identifier.</param>
/// <param name="Kem">Its mechanism.</param>
/// <param name="PublishedAt">When the registrar last took a bundle with it; null if that is not the newest one.</param>
/// <param name="RetiredAt">Since when another one is current; null for the current one.</param>
public sealed record HpkeKeyState(HpkeKeyId KeyId, HpkeKem Kem, DateTimeOffset? PublishedAt, DateTimeOffset? RetiredAt);
