using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Wire;

namespace Pdm6.Security.Identity;

/// <summary>
/// Issues the certificates of participants and of the registrar's listener. Whoever holds this key can make himself any
/// participant (protocol reference, section 7): an operator can keep it elsewhere and name the files of an authority of
/// his own. For any thread.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private const int SerialSize = 16;
    private const int LifeYears = 10;

    // RFC 3779 section 2.3: the blocks of an issuer must hold those of what it issues. OpenSSL insists on it.
    private const string NoAddressBlocks =
        "The authority's certificate has no IPv6 address blocks (RFC 3779), so TLS would refuse the prefixes that it issues: "
        + "make it anew with 'sbgp-ipAddrBlock = critical, IPv6:::/0' among the extensions of OpenSSL's configuration.";

    private readonly X509Certificate2 _certificate;
    private readonly AsymmetricAlgorithm _key;
    private readonly Lock _gate = new();

    private CertificateAuthority(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        (_certificate, _key) = (certificate, key);
        Certificate = AuthorityCertificate.TryParse(certificate.RawData, out AuthorityCertificate? authority, out string? error)
            ? authority
            : throw new KeyFileException(error);
    }

    /// <summary>Its own certificate.</summary>
    public AuthorityCertificate Certificate { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo: part of every token.</summary>
    public Fingerprint Fingerprint => Certificate.Fingerprint;

    /// <summary>A fresh authority: ECDSA P-256, valid from now for ten years, for every IPv6 address.</summary>
    /// <exception cref="ArgumentException">Not a name (<see cref="ParticipantName"/>).</exception>
    public static CertificateAuthority Create(string name, DateTimeOffset now)
    {
        ParticipantName.ThrowIfInvalid(name);
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(key);
        CertificateRequest request = CertificateProfiles.Authority(name, generator.PublicKey);
        using X509Certificate2 withKey = request.Create(
            request.SubjectName, generator, now, now.AddYears(LifeYears), NewSerial());
        return new CertificateAuthority(X509CertificateLoader.LoadCertificate(withKey.RawData), key);
    }

    /// <summary>An authority from two files: its certificate and its private key (PKCS #8 or the older forms), PEM.</summary>
    /// <param name="certificatePem">The certificate's file.</param>
    /// <param name="keyPem">The key's file; the caller zeroes it.</param>
    /// <exception cref="KeyFileException">They are something else, or do not belong together. The message is one line
    /// that says what to do.</exception>
    public static CertificateAuthority FromPem(ReadOnlySpan<char> certificatePem, ReadOnlySpan<char> keyPem)
    {
        try
        {
            using X509Certificate2 withKey = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)withKey.GetECDsaPrivateKey() ?? withKey.GetRSAPrivateKey()
                ?? throw new KeyFileException("The authority's key is neither ECDSA nor RSA: name an authority with such a key.");
            CertificateAuthority authority = new(X509CertificateLoader.LoadCertificate(withKey.RawData), key);
            if (authority.Certificate.Prefixes.Count > 0)
                return authority;
            authority.Dispose();
            throw new KeyFileException(NoAddressBlocks);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            throw new KeyFileException(
                $"These are not an authority's certificate and its private key in PEM ({cause.Message}): check both files.", cause);
        }
    }

    /// <summary>The private key as a PKCS #8 document in PEM: ASCII octets. The caller zeroes them.</summary>
    public byte[] KeyToPem()
    {
        byte[] pkcs8 = _key.ExportPkcs8PrivateKey();
        try
        {
            return PemEncoding.WriteUtf8("PRIVATE KEY"u8, pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>The certificate in PEM.</summary>
    public string CertificateToPem() => _certificate.ExportCertificatePem();

    /// <summary>Issues a participant's certificate.</summary>
    /// <param name="request">Whose key it is for.</param>
    /// <param name="role">What the participant may do.</param>
    /// <param name="name">Its name (<see cref="ParticipantName"/>).</param>
    /// <param name="prefixes">From which addresses it may send; none for one that sends nothing.</param>
    /// <param name="notBefore">Since when it is valid, to the second, but not before the authority is.</param>
    /// <param name="notAfter">Until when, to the second, but not after the authority is.</param>
    /// <returns>DER.</returns>
    /// <exception cref="ArgumentException">Not a name; more prefixes than a certificate holds, or one outside those
    /// of the authority; the times are in the wrong order.</exception>
    public byte[] Issue(
        ParticipantRequest request, Role role, string name, IReadOnlyList<Ipv6Prefix> prefixes,
        DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(prefixes);
        ParticipantName.ThrowIfInvalid(name);
        if (AddressRange.Union(prefixes).Sum(range => range.Prefixes().Count()) > AddressBlocks.MostPrefixes)
            throw new ArgumentException($"A certificate names at most {AddressBlocks.MostPrefixes} prefixes.", nameof(prefixes));
        if (prefixes.Any(prefix => !Certificate.Prefixes.Any(own => own.Contains(prefix))))
            throw new ArgumentException("A prefix is outside those of the authority.", nameof(prefixes));

        return Issue(CertificateProfiles.Participant(_certificate, request.Key, role, name, prefixes), notBefore, notAfter);
    }

    /// <summary>Issues a certificate for the registrar's listener.</summary>
    /// <param name="request">Whose key it is for.</param>
    /// <param name="name">Its common name (<see cref="ParticipantName"/>).</param>
    /// <param name="dnsNames">The names by which clients reach it.</param>
    /// <param name="addresses">The addresses by which clients reach it.</param>
    /// <param name="notBefore">Since when it is valid, to the second, but not before the authority is.</param>
    /// <param name="notAfter">Until when, to the second, but not after the authority is.</param>
    /// <returns>DER.</returns>
    /// <exception cref="ArgumentException">Not a name; neither names nor addresses; the times are in the wrong
    /// order.</exception>
    public byte[] IssueServer(
        ParticipantRequest request, string name, IReadOnlyList<string> dnsNames, IReadOnlyList<IPAddress> addresses,
        DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(dnsNames);
        ArgumentNullException.ThrowIfNull(addresses);
        ParticipantName.ThrowIfInvalid(name);
        if (dnsNames.Count + addresses.Count == 0)
            throw new ArgumentException("A server has a name or an address.", nameof(dnsNames));
        return Issue(CertificateProfiles.Server(_certificate, request.Key, name, dnsNames, addresses), notBefore, notAfter);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }

    private byte[] Issue(CertificateRequest request, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        lock (_gate)
        {
            X509SignatureGenerator generator = _key switch
            {
                ECDsa ec => X509SignatureGenerator.CreateForECDsa(ec),
                RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
                _ => throw new InvalidOperationException("An authority signs with ECDSA or RSA."),
            };
            using X509Certificate2 issued = request.Create(
                _certificate.SubjectName, generator, Later(notBefore, Certificate.NotBefore), Earlier(notAfter, Certificate.NotAfter),
                NewSerial());
            return issued.RawData;
        }
    }

    private static byte[] NewSerial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(SerialSize);
        serial[0] = (byte)(serial[0] & 0x7f | 0x40); // positive, and of 16 octets always
        return serial;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
