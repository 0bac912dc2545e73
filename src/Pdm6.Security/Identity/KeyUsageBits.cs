namespace Pdm6.Security.Identity;

/// <summary>The named bits of the key usage extension that matter here (RFC 5280 section 4.2.1.3), as
/// <see cref="System.Formats.Asn1.AsnReader"/> numbers them: bit 0 of the list is the lowest.</summary>
[Flags]
internal enum KeyUsageBits
{
    None = 0,
    DigitalSignature = 1 << 0,
    KeyCertSign = 1 << 5,
}
