namespace Pdm6.Security.Announcements;

/// <summary>To whom and how something is sealed; <see cref="KeyBundle.TryChoose"/> finds one.</summary>
/// <param name="Key">The recipient's key.</param>
/// <param name="Kdf">The key derivation function.</param>
/// <param name="Aead">The cipher.</param>
public sealed record Recipient(HpkePublicKey Key, HpkeKdf Kdf = HpkeKdf.HkdfSha256, HpkeAead Aead = HpkeAead.Aes256Gcm);
