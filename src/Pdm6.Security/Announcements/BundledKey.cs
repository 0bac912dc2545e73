using System.Text.Json.Serialization;

namespace Pdm6.Security.Announcements;

/// <summary>A public key that others may seal to.</summary>
/// <param name="KeyId">SHA-256 of the public key's octets.</param>
/// <param name="Kem">Its mechanism, IANA's number; it may be one that this machine does not know.</param>
/// <param name="PublicKey">As HPKE serializes it.</param>
public sealed record BundledKey(
    [property: JsonConverter(typeof(HpkeKeyIdJsonConverter))] HpkeKeyId KeyId, HpkeKem Kem, byte[] PublicKey)
{
    /// <summary>The longest public key that is looked at, octets.</summary>
    public const int LongestPublicKey = 2048;
}
