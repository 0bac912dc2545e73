namespace Pdm6.Security.Announcements;

/// <summary>Algorithms that go with every key of a bundle.</summary>
/// <param name="Kdf">The key derivation function, IANA's number.</param>
/// <param name="Aead">The cipher, IANA's number.</param>
public sealed record BundledSuite(HpkeKdf Kdf, HpkeAead Aead);
