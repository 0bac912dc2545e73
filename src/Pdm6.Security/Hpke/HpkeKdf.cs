namespace Pdm6.Security;

/// <summary>A key derivation function of HPKE, by its number in IANA's registry "HPKE KDF Identifiers". Received numbers
/// may be others: they are refused where they are used.</summary>
public enum HpkeKdf : ushort
{
    /// <summary>HKDF-SHA256 (RFC 9180, section 7.2).</summary>
    HkdfSha256 = 0x0001,
    /// <summary>HKDF-SHA384 (RFC 9180, section 7.2).</summary>
    HkdfSha384 = 0x0002,
    /// <summary>HKDF-SHA512 (RFC 9180, section 7.2).</summary>
    HkdfSha512 = 0x0003,
    /// <summary>SHAKE128, in one stage (draft-ietf-hpke-pq).</summary>
    Shake128 = 0x0010,
    /// <summary>SHAKE256, in one stage (draft-ietf-hpke-pq).</summary>
    Shake256 = 0x0011,
}
