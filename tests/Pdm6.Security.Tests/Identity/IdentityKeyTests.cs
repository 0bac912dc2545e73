using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Tests.Identity;

public sealed class IdentityKeyTests
{
    [Fact]
    public void Pem_RoundTrip_IsTheSameKeyAndPkcs8()
    {
        using IdentityKey key = IdentityKey.Generate();
        byte[] pem = key.ToPem();
        using IdentityKey read = IdentityKey.FromPem(pem);
        Assert.Equal(key.Fingerprint, read.Fingerprint);
        using ECDsa platform = ECDsa.Create();
        platform.ImportFromPem(Encoding.ASCII.GetString(pem));
        Assert.Equal(Fingerprint.Of(platform.ExportSubjectPublicKeyInfo()), key.Fingerprint);
    }

    public static TheoryData<string> NotKeys
    {
        get
        {
            using ECDsa p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256), p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            using RSA rsa = RSA.Create(2048);
            using ECDsa withoutName = ECDsa.Create(p256.ExportExplicitParameters(includePrivateParameters: true));
            string good = p256.ExportPkcs8PrivateKeyPem();
            return
            [
                "", "not a key", withoutName.ExportPkcs8PrivateKeyPem(), p384.ExportPkcs8PrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(), p256.ExportSubjectPublicKeyInfoPem(),
                p256.ExportECPrivateKeyPem(), p256.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(
                    PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)),
                good.Replace("MIG", "MIH", StringComparison.Ordinal), good[..60], good.Replace("PRIVATE", "SECRET", StringComparison.Ordinal),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(NotKeys))]
    public void FromPem_NotAnIdentityKey_SaysWhatToDo(string pem)
    {
        KeyFileException refusal = Assert.Throws<KeyFileException>(() => IdentityKey.FromPem(Encoding.ASCII.GetBytes(pem)));
        Assert.Contains("restore the file", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Sign_OverLabelAndOctets_IsEcdsaOfTheirConcatenation()
    {
        using IdentityKey key = IdentityKey.Generate();
        byte[] signature = key.Sign("a label"u8, "octets"u8);
        Assert.Equal(64, signature.Length);
        using ECDsa platform = ECDsa.Create();
        platform.ImportFromPem(Encoding.ASCII.GetString(key.ToPem()));
        Assert.True(platform.VerifyData("a label\0octets"u8, signature, HashAlgorithmName.SHA256));
    }

    [Fact]
    public void Sign_LabelWithoutEnd_Throws()
    {
        using IdentityKey key = IdentityKey.Generate();
        Assert.Throws<ArgumentException>(() => key.Sign(""u8, "octets"u8));
        Assert.Throws<ArgumentException>(() => key.Sign("a\0b"u8, "octets"u8));
    }

    [Fact]
    public void CreateRequest_OfAKey_HoldsItsFingerprint()
    {
        using IdentityKey key = IdentityKey.Generate();
        Assert.Equal(key.Fingerprint, World.RequestOf(key).IdentityFingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void CreateRequest_NotAName_Throws(string name)
    {
        using IdentityKey key = IdentityKey.Generate();
        Assert.Throws<ArgumentException>(() => key.CreateRequest(name));
    }

    [Fact]
    public void ForTls_CertificateOfTheKey_HasThePrivateKey()
    {
        using World world = new();
        Participant endpoint = world.Join("host-a", Role.Endpoint);
        using X509Certificate2 certificate = endpoint.Key.ForTls(endpoint.Der);
        Assert.True(certificate.HasPrivateKey);
        Participant other = world.Join("host-b", Role.Endpoint);
        Assert.Throws<ArgumentException>(() => endpoint.Key.ForTls(other.Der));
    }
}
