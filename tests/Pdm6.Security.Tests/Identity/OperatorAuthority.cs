using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Tests.Identity;

/// <summary>Authorities as operators have them: made by other software, with other keys.</summary>
internal static class OperatorAuthority
{
    /// <summary>What OpenSSL writes for <c>sbgp-ipAddrBlock = critical, IPv4:10.0.0.0/8, IPv6:::/0</c>.</summary>
    public const string EveryAddress = "3017300A0402000130040302000A3009040200023003030100";

    public static CertificateAuthority OfEllipticKey(ECCurve curve, HashAlgorithmName hash, string? blocks = EveryAddress)
    {
        using ECDsa key = ECDsa.Create(curve);
        return Load(new CertificateRequest("CN=Example Authority, O=Example", key, hash), key.ExportPkcs8PrivateKeyPem(), blocks);
    }

    public static CertificateAuthority OfRsaKey(int bits, string? blocks = EveryAddress)
    {
        using RSA key = RSA.Create(bits);
        CertificateRequest request = new("CN=Example Authority, O=Example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Load(request, key.ExportPkcs8PrivateKeyPem(), blocks);
    }

    /// <summary>The certificate of an authority with this key.</summary>
    public static AuthorityCertificate Certificate(X509SignatureGenerator key)
    {
        CertificateRequest request = CertificateProfiles.Authority("example", key.PublicKey);
        using X509Certificate2 certificate = request.Create(
            request.SubjectName, key, World.Now.AddDays(-1), World.Now.AddYears(1), [1]);
        return AuthorityCertificate.TryParse(certificate.RawData, out AuthorityCertificate? authority, out string? error)
            ? authority
            : throw new InvalidOperationException(error);
    }

    /// <summary>A participant's certificate, signed with this hash.</summary>
    public static byte[] Issue(X509SignatureGenerator key, HashAlgorithmName hash)
    {
        CertificateRequest authority = CertificateProfiles.Authority("example", key.PublicKey);
        using X509Certificate2 issuer = authority.Create(authority.SubjectName, key, World.Now.AddDays(-1), World.Now.AddYears(1), [1]);
        using IdentityKey holder = IdentityKey.Generate();
        CertificateRequest profile = CertificateProfiles.Participant(issuer, World.RequestOf(holder).Key, Role.Endpoint, "host-a", []);
        CertificateRequest request = new(profile.SubjectName, profile.PublicKey, hash);
        foreach (X509Extension extension in profile.CertificateExtensions)
            request.CertificateExtensions.Add(extension);
        using X509Certificate2 issued = request.Create(issuer.SubjectName, key, World.Now, World.Now.AddDays(1), [2]);
        return issued.RawData;
    }

    private static CertificateAuthority Load(CertificateRequest request, string keyPem, string? blocks)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (blocks is not null)
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.5.5.7.1.7", Convert.FromHexString(blocks), true));
        using X509Certificate2 certificate = request.CreateSelfSigned(World.Now.AddDays(-1), World.Now.AddYears(1));
        return CertificateAuthority.FromPem(certificate.ExportCertificatePem(), keyPem);
    }
}
