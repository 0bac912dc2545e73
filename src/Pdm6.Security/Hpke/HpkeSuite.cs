using System.Diagnostics.CodeAnalysis;
using Pdm6.Security.Kems;
using Pdm6.Security.Schedule;

namespace Pdm6.Security;

/// <summary>The three algorithms of an HPKE message (RFC 9180, section 7). It can hold any numbers, as they were
/// received; <see cref="IsSupported"/> tells what can be done with them.</summary>
/// <param name="Kem">Brings a secret to the recipient.</param>
/// <param name="Kdf">Makes keys of that secret.</param>
/// <param name="Aead">Seals the messages.</param>
public readonly record struct HpkeSuite(HpkeKem Kem, HpkeKdf Kdf, HpkeAead Aead)
{
    /// <summary>What everybody who takes part in registration must have (protocol reference, section 7):
    /// DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.</summary>
    public static HpkeSuite Mandatory { get; } =
        new(HpkeKem.DhkemP256HkdfSha256, HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm);

    /// <summary>True if this machine has all three.</summary>
    /// <param name="why">Otherwise one sentence that names what is missing.</param>
    public bool IsSupported([NotNullWhen(false)] out string? why) =>
        KemAlgorithm.IsSupported(Kem, out why) && KdfAlgorithm.IsSupported(Kdf, out why)
        && MessageCipher.IsSupported(Aead, out why);

    /// <exception cref="PlatformNotSupportedException">This machine lacks one of the three.</exception>
    internal void ThrowIfUnsupported()
    {
        if (!IsSupported(out string? why))
            throw new PlatformNotSupportedException(why);
    }
}
