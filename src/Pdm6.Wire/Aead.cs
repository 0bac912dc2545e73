namespace Pdm6.Wire;

/// <summary>Sizes of AES-GCM as every carriage uses it, with keys of both lengths (RFC 5116 sections 5.1 and 5.2).</summary>
public static class Aead
{
    /// <summary>Octets of a nonce.</summary>
    public const int NonceSize = 12;
    /// <summary>Octets of an authentication tag.</summary>
    public const int TagSize = 16;
}
