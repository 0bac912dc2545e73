namespace Pdm6.Security.Identity;

/// <summary>Object identifiers of the certificates here, as RFC 5280, RFC 5758, RFC 8017 and RFC 3779 assign them.</summary>
internal static class Oids
{
    public const string CommonName = "2.5.4.3";
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string KeyUsage = "2.5.29.15";
    public const string SubjectAlternativeName = "2.5.29.17";
    public const string BasicConstraints = "2.5.29.19";
    public const string ExtendedKeyUsage = "2.5.29.37";
    public const string IpAddressBlocks = "1.3.6.1.5.5.7.1.7";
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    public const string EllipticPublicKey = "1.2.840.10045.2.1";
    public const string RsaPublicKey = "1.2.840.113549.1.1.1";
    public const string EcdsaSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaSha384 = "1.2.840.10045.4.3.3";
    public const string EcdsaSha512 = "1.2.840.10045.4.3.4";
    public const string RsaSha256 = "1.2.840.113549.1.1.11";
    public const string RsaSha384 = "1.2.840.113549.1.1.12";
    public const string RsaSha512 = "1.2.840.113549.1.1.13";
}
