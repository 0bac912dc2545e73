namespace Pdm6.Security;

/// <summary>A key encapsulation mechanism of HPKE, by its number in IANA's registry "HPKE KEM Identifiers". Received
/// numbers may be others: they are refused where they are used.</summary>
public enum HpkeKem : ushort
{
    /// <summary>DHKEM(P-256, HKDF-SHA256) (RFC 9180, section 7.1).</summary>
    DhkemP256HkdfSha256 = 0x0010,
    /// <summary>DHKEM(P-384, HKDF-SHA384) (RFC 9180, section 7.1).</summary>
    DhkemP384HkdfSha384 = 0x0011,
    /// <summary>DHKEM(P-521, HKDF-SHA512) (RFC 9180, section 7.1).</summary>
    DhkemP521HkdfSha512 = 0x0012,
    /// <summary>DHKEM(X25519, HKDF-SHA256) (RFC 9180, section 7.1).</summary>
    DhkemX25519HkdfSha256 = 0x0020,
    /// <summary>ML-KEM-768 and P-256 together (draft-ietf-hpke-pq): who records today cannot read when one of the two
    /// falls.</summary>
    MlKem768P256 = 0x0050,
}
