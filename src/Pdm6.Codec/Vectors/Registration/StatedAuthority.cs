using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>An authority whose key the vectors state.</summary>
internal sealed class StatedAuthority
{
    private readonly X509Certificate2 _certificate;
    private readonly StatedKey _key;

    public StatedAuthority(string keyName, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        _key = StatedKey.Of(keyName);
        CertificateRequest request = CertificateProfiles.Authority("authority", _key.PublicKey);
        _certificate = request.Create(request.SubjectName, _key, notBefore, notAfter, Serial(keyName));
        Certificate = AuthorityCertificate.TryParse(_certificate.RawData, out AuthorityCertificate? certificate, out string? error)
            ? certificate
            : throw new InvalidOperationException(error);
    }

    public AuthorityCertificate Certificate { get; }

    public byte[] Issue(
        PublicKey key, Role role, string name, IReadOnlyList<Ipv6Prefix> prefixes, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using X509Certificate2 issued = CertificateProfiles.Participant(_certificate, key, role, name, prefixes)
            .Create(_certificate.SubjectName, _key, notBefore, notAfter, Serial(name));
        return issued.RawData;
    }

    private static byte[] Serial(string name)
    {
        byte[] serial = SHA256.HashData(Encoding.ASCII.GetBytes($"pdm6 vectors: serial of {name}"))[..16];
        serial[0] = (byte)(serial[0] & 0x7f | 0x40);
        return serial;
    }
}
