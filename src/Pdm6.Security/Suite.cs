namespace Pdm6.Security;

/// <summary>
/// The authenticated cipher of a context. The wire never names it; the announcement does (protocol reference,
/// section 6). Both have 96-bit nonces and 128-bit tags.
/// </summary>
public enum Suite : ushort
{
    /// <summary>AES-128-GCM (NIST SP 800-38D).</summary>
    Aes128Gcm = 1,
    /// <summary>AES-256-GCM (NIST SP 800-38D), the default.</summary>
    Aes256Gcm = 2,
}
