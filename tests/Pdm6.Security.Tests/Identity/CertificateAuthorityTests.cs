using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Tests.Identity;

public sealed class CertificateAuthorityTests
{
    [Fact]
    public void Pem_RoundTrip_IssuesForTheSameAuthority()
    {
        using World world = new();
        using World again = new(CertificateAuthority.FromPem(
            world.Authority.CertificateToPem(), Encoding.ASCII.GetString(world.Authority.KeyToPem())));
        Assert.Equal(world.Authority.Fingerprint, again.Authority.Fingerprint);
        Assert.True(again.Join("host-a", Role.Endpoint).Certificate.IsIssuedBy(world.Trust));
    }

    public static TheoryData<string> OperatorAuthorities => ["P-256", "P-384", "P-521", "RSA"];

    [Theory]
    [MemberData(nameof(OperatorAuthorities))]
    public void Issue_AuthorityOfAnOperator_IsRecognised(string kind)
    {
        using World world = new(kind switch
        {
            "P-256" => OperatorAuthority.OfEllipticKey(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
            "P-384" => OperatorAuthority.OfEllipticKey(ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
            "P-521" => OperatorAuthority.OfEllipticKey(ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512),
            _ => OperatorAuthority.OfRsaKey(2048),
        });
        using World other = new();
        ParticipantCertificate certificate = world.Join("host-a", Role.Endpoint, "2001:db8::/32").Certificate;
        Assert.True(certificate.IsIssuedBy(world.Trust));
        Assert.False(certificate.IsIssuedBy(other.Trust));
    }

    [Fact]
    public void FromPem_AuthorityWithoutAddressBlocks_SaysHowToMakeOne()
    {
        KeyFileException refusal = Assert.Throws<KeyFileException>(
            () => OperatorAuthority.OfEllipticKey(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, blocks: null));
        Assert.Contains("sbgp-ipAddrBlock", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromPem_FilesThatAreNotAnAuthority_AreRefused()
    {
        using World world = new(), other = new();
        string certificate = world.Authority.CertificateToPem(), key = Encoding.ASCII.GetString(world.Authority.KeyToPem());
        string foreignKey = Encoding.ASCII.GetString(other.Authority.KeyToPem());
        Participant endpoint = world.Join("host-a", Role.Endpoint);
        using X509Certificate2 ofEndpoint = X509CertificateLoader.LoadCertificate(endpoint.Der);
        string endpointKey = Encoding.ASCII.GetString(endpoint.Key.ToPem());
        Assert.All(
            [(certificate, foreignKey), (certificate, ""), ("", key), (key, certificate), (ofEndpoint.ExportCertificatePem(), endpointKey)],
            files => Assert.DoesNotContain('\n', Assert.Throws<KeyFileException>(() => CertificateAuthority.FromPem(files.Item1, files.Item2)).Message));
    }

    [Fact]
    public void FromPem_SmallRsaKey_IsRefused() =>
        Assert.Contains("2048", Assert.Throws<KeyFileException>(() => OperatorAuthority.OfRsaKey(1024)).Message, StringComparison.Ordinal);

    [Fact]
    public void Issue_SameRequestTwice_GivesDifferentSerials()
    {
        using World world = new();
        using IdentityKey key = IdentityKey.Generate();
        ParticipantRequest request = World.RequestOf(key);
        string[] serials = [.. Enumerable.Range(0, 2).Select(_ => Loaded(world.Authority.Issue(
            request, Role.Endpoint, "host-a", [], World.Now, World.Now.AddDays(1))).SerialNumber)];
        Assert.NotEqual(serials[0], serials[1]);
        Assert.All(serials, serial => Assert.Equal(32, serial.Length));
    }

    [Fact]
    public void Issue_CallersMistakes_Throw()
    {
        using World world = new(OperatorAuthority.OfEllipticKey(
            ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, "300F300D04020002300703050020010DB8"));
        using IdentityKey key = IdentityKey.Generate();
        ParticipantRequest request = World.RequestOf(key);
        byte[] Issue(string name, DateTimeOffset until, params string[] prefixes) =>
            world.Authority.Issue(request, Role.Endpoint, name, World.Prefixes(prefixes), World.Now, until);
        Assert.NotEmpty(Issue("host-a", World.Now.AddDays(1), "2001:db8:7::/48"));
        Assert.Throws<ArgumentException>(() => Issue("host a", World.Now.AddDays(1)));
        Assert.Throws<ArgumentException>(() => Issue("host-a", World.Now.AddDays(-1)));
        Assert.Throws<ArgumentException>(() => Issue("host-a", World.Now.AddDays(1), "2001:db9::/48"));
        Assert.Throws<ArgumentException>(() => Issue("host-a", World.Now.AddDays(1), "2001::/16"));
        Assert.Throws<ArgumentException>(() => Issue(
            "host-a", World.Now.AddDays(1), [.. Enumerable.Range(0, 65).Select(i => $"2001:db8::{2 * i:x}/128")]));
    }

    [Fact]
    public void Issue_TimesOutsideThoseOfTheAuthority_AreCut()
    {
        using World world = new();
        ParticipantCertificate certificate = world.Join("host-a", Role.Endpoint, World.Now.AddYears(-1), World.Now.AddYears(50)).Certificate;
        Assert.Equal((world.Trust.NotBefore, world.Trust.NotAfter), (certificate.NotBefore, certificate.NotAfter));
        Assert.Throws<ArgumentException>(() => world.Join("host-a", Role.Endpoint, World.Now.AddYears(40), World.Now.AddYears(50)));
    }

    [Fact]
    public void IssueServer_NamesAndAddresses_AreForServersOnly()
    {
        using World world = new();
        using IdentityKey key = IdentityKey.Generate();
        byte[] der = world.Authority.IssueServer(
            World.RequestOf(key), "registrar", ["registrar.example"], [IPAddress.IPv6Loopback], World.Now, World.Now.AddDays(1));
        using X509Certificate2 certificate = Loaded(der);
        Assert.True(certificate.MatchesHostname("registrar.example"));
        Assert.True(certificate.MatchesHostname("::1"));
        Assert.False(ParticipantCertificate.TryParse(der, out _, out _));
        Assert.Throws<ArgumentException>(() => world.Authority.IssueServer(
            World.RequestOf(key), "registrar", [], [], World.Now, World.Now.AddDays(1)));
    }

    [Fact]
    public void AuthorityCertificate_AnyOctetAltered_NeverThrows()
    {
        using World world = new();
        ParticipantCertificate issued = world.Join("host-a", Role.Endpoint).Certificate;
        byte[] der = world.Trust.Der.ToArray();
        for (int i = 0; i < der.Length; i++)
        {
            byte[] altered = [.. der];
            altered[i] ^= 0x10;
            if (AuthorityCertificate.TryParse(altered, out AuthorityCertificate? other, out string? error))
                Assert.Null(error);
            else
                Assert.NotEmpty(error);
            // Only what the authority itself does not use may change: its own signature, serial, times, identifiers.
            if (other is not null && other.Fingerprint != world.Trust.Fingerprint)
                Assert.False(issued.IsIssuedBy(other));
        }
        Assert.False(AuthorityCertificate.TryParse(new byte[AuthorityCertificate.LongestSize + 1], out _, out _));
    }

    [Fact]
    public void TryReadFile_DerOrPem_FindsTheAuthority()
    {
        using World world = new();
        string authority = world.Authority.CertificateToPem();
        using X509Certificate2 ofEndpoint = Loaded(world.Join("host-a", Role.Endpoint).Der);
        string endpoint = ofEndpoint.ExportCertificatePem();
        foreach (byte[] file in new[] { world.Trust.Der.ToArray(), Octets(authority), Octets(endpoint + "\n" + authority), Octets(authority + "\n" + endpoint) })
        {
            Assert.True(AuthorityCertificate.TryReadFile(file, out AuthorityCertificate? read, out string? error), error);
            Assert.Equal(world.Trust.Fingerprint, read.Fingerprint);
        }
        foreach (byte[] file in new[] { Octets(""), Octets("x"), Octets(endpoint), ofEndpoint.RawData, Octets(authority[..80]) })
        {
            Assert.False(AuthorityCertificate.TryReadFile(file, out AuthorityCertificate? read, out string? error));
            Assert.Null(read);
            Assert.NotEmpty(error);
        }
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void IsIssuedBy_AuthorityThatSignsWithAnotherHash_IsRecognised(string hash)
    {
        HashAlgorithmName algorithm = new(hash);
        using RSA rsa = RSA.Create(2048);
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (X509SignatureGenerator generator in new[]
            { X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1), X509SignatureGenerator.CreateForECDsa(ec) })
        {
            AuthorityCertificate authority = OperatorAuthority.Certificate(generator);
            Assert.True(ParticipantCertificate.TryParse(OperatorAuthority.Issue(generator, algorithm), out ParticipantCertificate? certificate, out string? error), error);
            Assert.True(certificate.IsIssuedBy(authority));
        }
    }

    [Fact]
    public void IsIssuedBy_SignatureOfAnotherKind_IsNot()
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509SignatureGenerator ofRsa = X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1), ofEc = X509SignatureGenerator.CreateForECDsa(ec);
        Assert.True(ParticipantCertificate.TryParse(OperatorAuthority.Issue(ofRsa, HashAlgorithmName.SHA256), out ParticipantCertificate? certificate, out _));
        Assert.False(certificate.IsIssuedBy(OperatorAuthority.Certificate(ofEc)));
        Assert.True(ParticipantCertificate.TryParse(OperatorAuthority.Issue(ofEc, HashAlgorithmName.SHA256), out certificate, out _));
        Assert.False(certificate.IsIssuedBy(OperatorAuthority.Certificate(ofRsa)));
    }

    private static byte[] Octets(string text) => Encoding.ASCII.GetBytes(text);

    private static X509Certificate2 Loaded(byte[] der) => X509CertificateLoader.LoadCertificate(der);
}
