namespace Pdm6.Wire;

/// <summary>Octet 1 of a udp-frame. Bits 3 to 7 are sent as 0 and ignored on receipt.</summary>
[Flags]
public enum UdpFrameFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,
    /// <summary>The TLVs are encrypted: nonce, length, ciphertext and tag follow the header.</summary>
    Encrypted = 1,
    /// <summary>A request that wants an answer.</summary>
    Request = 2,
    /// <summary>Octets 2 and 3 name the key.</summary>
    KeyId = 4,
}
