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

    [Fact]
    public void TryParse_SignatureWithUnusedBits_IsRefused()
    {
        // The last octet of this signature is 0, so seven of its bits may be called unused. Found by fuzzing.
        const string request =
            "3081CA30730201003011310F300D06035504031306686F73742D613059301306072A8648CE3D020106082A8648CE3D03010703420004C9404CD1B69DFB5A"
            + "01C17841B83587E2EB40949FE8CBCAC2EA68EB615D3F3D7611E87CA2025BB3AFADAE8D91E9FA48621A3ACA3C6BB70A2599934FBF069F7355A000300A0608"
            + "2A8648CE3D040302034707304402204C4F713C45079D1E7A5FBF6B05DEEF2D4C82ED14AB5A8C6D894B334691114FF902204AACCE34C7A9633107AA9BCBE5"
            + "45E54FA4FEC05A1A76AA4C4DD89FB5EABDC900";
        AssertRefused(Convert.FromHexString(request));
        Assert.True(ParticipantRequest.TryParse(
            Convert.FromHexString(request.Replace("034707", "034700", StringComparison.Ordinal)), out _, out _));
    }

    private static void AssertRefused(byte[] der)
    {
        Assert.False(ParticipantRequest.TryParse(der, out ParticipantRequest? request, out string? error));
        Assert.Null(request);
        Assert.NotEmpty(error);
    }
}
