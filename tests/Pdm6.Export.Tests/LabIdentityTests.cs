using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Export.Tests;

public sealed class LabIdentityTests
{
    private static readonly byte[] _key = Convert.FromHexString(
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static readonly byte[] _otherKey = [.. _key.Select(octet => (byte)(octet + 1))];

    [Fact]
    public void IsPeer_BothSidesOfOneKeyFile_KnowEachOther()
    {
        using LabIdentity agent = LabIdentity.ForAgent(_key);
        using LabIdentity collector = LabIdentity.ForCollector(_key);

        Assert.True(agent.IsPeer(collector.Certificate));
        Assert.True(collector.IsPeer(agent.Certificate));
    }

    [Fact]
    public void IsPeer_OwnRole_IsRefused()
    {
        using LabIdentity agent = LabIdentity.ForAgent(_key);
        using LabIdentity collector = LabIdentity.ForCollector(_key);

        Assert.False(agent.IsPeer(agent.Certificate));
        Assert.False(collector.IsPeer(collector.Certificate));
    }

    [Fact]
    public void IsPeer_AnotherKeyFile_IsRefused()
    {
        using LabIdentity agent = LabIdentity.ForAgent(_key);
        using LabIdentity stranger = LabIdentity.ForCollector(_otherKey);

        Assert.False(agent.IsPeer(stranger.Certificate));
    }

    [Fact]
    public void IsPeer_NoCertificateOrAnotherAlgorithm_IsRefused()
    {
        using LabIdentity agent = LabIdentity.ForAgent(_key);
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 other = new CertificateRequest(
                "CN=pdm6 laboratory collector", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));

        Assert.False(agent.IsPeer(null));
        Assert.False(agent.IsPeer(other));
    }

    // Made apart from this code: HKDF by `openssl kdf -binary -kdfopt digest:SHA256 -kdfopt hexkey:0001..1f
    // -kdfopt info:"pdm6 v1 lab agent tls" -keylen 48 HKDF`, the reduction and the point by Python integers.
    [Fact]
    public void ForAgent_KnownKeyFile_GivesTheKeyOfAnotherImplementation()
    {
        using LabIdentity agent = LabIdentity.ForAgent(_key);

        Assert.Equal(
            "04064b761dc58fb986d80c27397c6f95c275378cb2ccf77e34494ff926c7077a8cb9481682810c973eccb100d6e9894063fdd8819e23cb5983fba0c803ba292e2e",
            Convert.ToHexStringLower(agent.Certificate.GetPublicKey()));
    }
}
