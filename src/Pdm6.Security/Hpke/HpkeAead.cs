namespace Pdm6.Security;

/// <summary>An authenticated cipher of HPKE, by its number in IANA's registry "HPKE AEAD Identifiers". Received numbers
/// may be others: they are refused where they are used.</summary>
public enum HpkeAead : ushort
{
    /// <summary>AES-128-GCM (RFC 9180, section 7.3).</summary>
    Aes128Gcm = 0x0001,
    /// <summary>AES-256-GCM (RFC 9180, section 7.3).</summary>
    Aes256Gcm = 0x0002,
    /// <summary>ChaCha20-Poly1305 (RFC 9180, section 7.3).</summary>
    ChaCha20Poly1305 = 0x0003,
    /// <summary>No cipher: such a context gives secrets only, and seals nothing (RFC 9180, section 5.3).</summary>
    ExportOnly = 0xffff,
}
