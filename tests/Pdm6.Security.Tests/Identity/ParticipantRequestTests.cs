using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Tests.Identity;

public sealed class ParticipantRequestTests
{
    [Fact]
    public void TryParse_AnyOctetAltered_IsRefusedWithoutThrowing()
    {
        using IdentityKey key = IdentityKey.Generate();
        byte[] request = key.CreateRequest("host-a");
        for (int i = 0; i < request.Length; i++)
        {
            byte[] altered = [.. request];
            altered[i] ^= (byte)(1 << (i & 7));
            AssertRefused(altered);
        }
    }

    [Fact]
    public void TryParse_CutOrLonger_IsRefused()
    {
        using IdentityKey key = IdentityKey.Generate();
        byte[] request = key.CreateRequest("host-a");
        for (int length = 0; length < request.Length; length++)
            AssertRefused(request[..length]);
        AssertRefused([.. request, 0]);
        AssertRefused(new byte[ParticipantRequest.LongestSize + 1]);
    }

    [Fact]
    public void TryParse_KeyOfAnotherKind_IsRefused()
    {
        using ECDsa p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = RSA.Create(2048);
        AssertRefused(new CertificateRequest("CN=host-a", p384, HashAlgorithmName.SHA256).CreateSigningRequest());
        AssertRefused(new CertificateRequest("CN=host-a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest());
    }

    private static void AssertRefused(byte[] der)
    {
        Assert.False(ParticipantRequest.TryParse(der, out ParticipantRequest? request, out string? error));
        Assert.Null(request);
        Assert.NotEmpty(error);
    }
}
