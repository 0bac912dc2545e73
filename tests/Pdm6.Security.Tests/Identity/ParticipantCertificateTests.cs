using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Security.Tests.Identity;

public sealed class ParticipantCertificateTests
{
    [Theory]
    [InlineData(Role.Endpoint)]
    [InlineData(Role.Analyzer)]
    public void TryParse_IssuedCertificate_SaysWhatTheAuthoritySaid(Role role)
    {
        using World world = new();
        Participant participant = world.Join("host-a.example_1", role, "2001:db8:2::/48", "fe80::/10", "2001:db8:1::/64");
        ParticipantCertificate certificate = participant.Certificate;
        Assert.Equal("host-a.example_1", certificate.Name);
        Assert.Equal(role, certificate.Role);
        Assert.Equal(World.Prefixes("2001:db8:1::/64", "2001:db8:2::/48", "fe80::/10"), certificate.Prefixes);
        Assert.Equal(World.Now.AddHours(-1), certificate.NotBefore);
        Assert.Equal(World.Now.AddDays(30), certificate.NotAfter);
        Assert.Equal(participant.Key.Fingerprint, certificate.IdentityFingerprint);
        Assert.Equal(Fingerprint.Of(participant.Der), certificate.Hash);
        Assert.Equal(participant.Der, certificate.Der.ToArray());
        Assert.True(certificate.IsIssuedBy(world.Trust));
    }

    [Fact]
    public void Renewal_SameKey_KeepsTheIdentityAndChangesTheHash()
    {
        using World world = new();
        using IdentityKey key = IdentityKey.Generate();
        ParticipantCertificate[] certificates = [.. Enumerable.Range(0, 2).Select(i => new Participant(key, world.Authority.Issue(
            World.RequestOf(key), Role.Endpoint, "host-a", [], World.Now, World.Now.AddDays(1 + i))).Certificate)];
        Assert.Equal(certificates[0].IdentityFingerprint, certificates[1].IdentityFingerprint);
        Assert.NotEqual(certificates[0].Hash, certificates[1].Hash);
    }

    [Fact]
    public void Covers_Addresses_AreThoseOfThePrefixes()
    {
        using World world = new();
        ParticipantCertificate certificate = world.Join("host-a", Role.Endpoint, "2001:db8:1::/64", "2001:db8:2::7").Certificate;
        Assert.All(["2001:db8:1::", "2001:db8:1::ffff:ffff:ffff:ffff", "2001:db8:2::7"], inside => Assert.True(certificate.Covers(Ipv6Address.Parse(inside))));
        Assert.All(["2001:db8:0:ffff::", "2001:db8:1:1::", "2001:db8:2::8", "::"], outside => Assert.False(certificate.Covers(Ipv6Address.Parse(outside))));
        Assert.False(world.Join("host-b", Role.Analyzer).Certificate.Covers(default));
    }

    [Fact]
    public void IsValidAt_Edges_AreInside()
    {
        using World world = new();
        ParticipantCertificate certificate = world.Join("host-a", Role.Endpoint, World.Now, World.Now.AddSeconds(10)).Certificate;
        ulong begin = World.NowUnixNs, second = 1_000_000_000;
        Assert.True(certificate.IsValidAt(begin));
        Assert.False(certificate.IsValidAt(begin - 1));
        Assert.True(certificate.IsValidAt(begin + 10 * second));
        Assert.False(certificate.IsValidAt(begin + 11 * second));
        Assert.False(certificate.IsValidAt(ulong.MaxValue));
        Assert.False(certificate.IsValidAt(0));
    }

    [Fact]
    public void Verify_SignatureOfTheKey_HoldsForItsLabelAndOctetsAlone()
    {
        using World world = new();
        Participant one = world.Join("host-a", Role.Endpoint), other = world.Join("host-b", Role.Endpoint);
        byte[] signature = one.Key.Sign("label"u8, "octets"u8);
        Assert.True(one.Certificate.Verify("label"u8, "octets"u8, signature));
        Assert.False(other.Certificate.Verify("label"u8, "octets"u8, signature));
        Assert.False(one.Certificate.Verify("labe"u8, "octets"u8, signature));
        Assert.False(one.Certificate.Verify("label"u8, "octet"u8, signature));
        Assert.False(one.Certificate.Verify("label"u8, "octets"u8, signature.AsSpan(0, 63)));
        Assert.False(one.Certificate.Verify("label"u8, "octets"u8, [.. signature, 0]));
        Assert.False(one.Certificate.Verify("label"u8, "octets"u8, new byte[64]));
        Assert.False(one.Certificate.Verify("label"u8, "octets"u8, []));
        for (int i = 0; i < signature.Length; i++)
        {
            byte[] altered = [.. signature];
            altered[i] ^= 1;
            Assert.False(one.Certificate.Verify("label"u8, "octets"u8, altered));
        }
    }

    [Fact]
    public void TryParse_AnyBitAltered_IsNotAcceptedAndNeverThrows()
    {
        using World world = new();
        byte[] der = world.Join("host-a", Role.Endpoint, "2001:db8:1::/64", "2001:db8:2::/48").Der;
        for (int bit = 0; bit < 8 * der.Length; bit++)
        {
            byte[] altered = [.. der];
            altered[bit / 8] ^= (byte)(1 << (bit & 7));
            if (ParticipantCertificate.TryParse(altered, out ParticipantCertificate? certificate, out string? error))
                Assert.False(certificate.IsIssuedBy(world.Trust), $"bit {bit}");
            else
                Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void TryParse_CutOrLonger_IsRefused()
    {
        using World world = new();
        byte[] der = world.Join("host-a", Role.Endpoint, "2001:db8:1::/64").Der;
        for (int length = 0; length < der.Length; length++)
            AssertRefused(der[..length]);
        AssertRefused([.. der, 0]);
        AssertRefused(new byte[ParticipantCertificate.LongestSize + 1]);
    }

    [Fact]
    public void IsIssuedBy_AuthorityOfTheSameName_NeedsTheKey()
    {
        using World world = new(), impostor = new();
        Assert.Equal(
            X509CertificateLoader.LoadCertificate(world.Trust.Der.Span).Subject, X509CertificateLoader.LoadCertificate(impostor.Trust.Der.Span).Subject);
        Assert.False(impostor.Join("host-a", Role.Endpoint).Certificate.IsIssuedBy(world.Trust));
    }

    [Fact]
    public void TryParse_CertificateOfTheAuthority_IsRefused()
    {
        using World world = new();
        AssertRefused(world.Trust.Der.ToArray());
    }

    public static TheoryData<string> Breaches => [.. s_breaches.Keys];

    [Theory]
    [MemberData(nameof(Breaches))]
    public void TryParse_ProfileBroken_IsRefused(string breach)
    {
        Assert.True(ParticipantCertificate.TryParse(new LooseCertificate().Issue(), out _, out string? error), error);
        LooseCertificate certificate = new();
        s_breaches[breach](certificate);
        AssertRefused(certificate.Issue());
    }

    private static readonly Dictionary<string, Action<LooseCertificate>> s_breaches = new()
    {
        ["no alternative name"] = c => c.AlternativeName = null,
        ["another name in the alternative name"] = c => c.AlternativeName = "urn:pdm6:endpoint:host-b",
        ["unknown role"] = c => c.AlternativeName = "urn:pdm6:registrar:host-a",
        ["another scheme"] = c => c.AlternativeName = "https://host-a/",
        ["two alternative names"] = c => c.SecondAlternativeName = "urn:pdm6:analyzer:host-a",
        ["no key usage"] = c => c.KeyUsage = null,
        ["may not sign"] = c => c.KeyUsage = X509KeyUsageFlags.NonRepudiation,
        ["no purpose"] = c => c.Purposes = null,
        ["purpose of a server alone"] = c => c.Purposes = ["1.3.6.1.5.5.7.3.1"],
        ["authority"] = c => c.IsAuthority = true,
        ["name with a space"] = c => (c.Subject, c.AlternativeName) = ("CN=host a", "urn:pdm6:endpoint:host a"),
        ["name of an organisation"] = c => c.Subject = "O=host-a",
        ["two parts in the name"] = c => c.Subject = "CN=host-a, O=example",
        ["no name"] = c => c.Subject = "",
        ["unknown critical extension"] = c => c.Further = new X509Extension("1.2.3.4", [5, 0], critical: true),
        ["address blocks that are none"] = c => c.Further = new X509Extension("1.3.6.1.5.5.7.1.7", [0x30, 0], critical: true),
        ["key on another curve"] = c => c.Curve = ECCurve.NamedCurves.nistP384,
    };

    [Fact]
    public void TryParse_UnknownExtensionThatIsNotCritical_IsSkipped() => Assert.True(ParticipantCertificate.TryParse(
        new LooseCertificate { Further = new X509Extension("1.2.3.4", [5, 0], critical: false) }.Issue(), out _, out _));

    [Fact]
    public void TryParse_NameAsPrintableString_IsRead()
    {
        Assert.True(ParticipantCertificate.TryParse(new LooseCertificate { IsNamePrintable = true }.Issue(), out ParticipantCertificate? certificate, out _));
        Assert.Equal("host-a", certificate.Name);
    }

    private static void AssertRefused(byte[] der)
    {
        Assert.False(ParticipantCertificate.TryParse(der, out ParticipantCertificate? certificate, out string? error));
        Assert.Null(certificate);
        Assert.NotEmpty(error);
    }
}
