using System.Text.Json;
using Pdm6.Security.Kems;
using Pdm6.Security.Native;

namespace Pdm6.Security.Tests;

/// <summary>Wycheproof's X25519 vectors against libcrypto, as the KEM uses it.</summary>
public sealed class X25519Tests
{
    private static readonly JsonElement[] s_tests =
    [
        .. VectorFile.ReadWycheproof("wycheproof_x25519.json").Values.Select(entry => entry.Test),
    ];

    private static readonly X25519Group s_group = new();

    [X25519Fact]
    public void TryAgree_WycheproofVectors_GiveTheirSecretsOrRefuseZeros()
    {
        Assert.Equal(518, s_tests.Length);
        Assert.All(s_tests, test =>
        {
            byte[] expected = test.Octets("shared"), agreement = new byte[X25519.Size];
            bool isKnownToAll = expected.All(octet => octet == 0);
            using EvpKeyHandle key = X25519.ImportPrivateKey(test.Octets("private"));
            using EvpKeyHandle peer = X25519.ImportPublicKey(test.Octets("public"));

            Assert.Equal(!isKnownToAll, X25519.TryAgree(key, peer, agreement));
            Assert.Equal(expected, agreement);
        });
    }

    [X25519Fact]
    public void ImportPublicKey_WycheproofVectors_RefusesThoseOfSmallOrder()
    {
        int refused = 0;
        Assert.All(s_tests, test =>
        {
            bool isRefused = s_group.ImportPublicKey(test.Octets("public")) is null;
            Assert.Equal(HasFlag(test, "LowOrderPublic"), isRefused);
            refused += isRefused ? 1 : 0;
        });
        Assert.Equal(31, refused);
    }

    /// <summary>The all-zero public key, as an encapsulation (RFC 9180, section 7.1.4).</summary>
    [X25519Fact]
    public void TrySetupBase_EncapsulationOfSmallOrder_IsRefused()
    {
        HpkeSuite suite = HpkeSuite.Mandatory with { Kem = HpkeKem.DhkemX25519HkdfSha256 };
        using HpkePrivateKey key = HpkePrivateKey.Generate(suite.Kem);
        Assert.False(HpkeRecipient.TrySetupBase(suite, key, new byte[X25519.Size], [], out HpkeRecipient? context));
        Assert.Null(context);
    }

    private static bool HasFlag(JsonElement test, string flag) =>
        test.GetProperty("flags").EnumerateArray().Any(element => element.GetString() == flag);
}
