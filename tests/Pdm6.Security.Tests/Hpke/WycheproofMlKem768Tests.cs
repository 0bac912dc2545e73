using System.Security.Cryptography;
using System.Text.Json;

namespace Pdm6.Security.Tests;

/// <summary>Wycheproof's ML-KEM-768 vectors against the platform's ML-KEM, if it has one, and against the textbook that
/// stands in for it in these tests.</summary>
public sealed class WycheproofMlKem768Tests
{
    private static readonly JsonElement[] s_tests =
    [
        .. VectorFile.ReadWycheproof("wycheproof_mlkem_768.json").Values.Select(entry => entry.Test),
    ];

    [MlKemFact]
    public void Platform_WycheproofVectors_GiveTheirKeysAndSecrets() =>
        AssertAll(seed => MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed));

    [Fact]
    public void Textbook_WycheproofVectors_GiveTheirKeysAndSecrets() => AssertAll(seed => TextbookMlKem768.FromSeed(seed));

    private static void AssertAll(Func<byte[], MLKem> fromSeed)
    {
        Assert.Equal(193, s_tests.Length);
        Assert.All(s_tests, test =>
        {
            if (!test.IsValid())
            {
                Assert.ThrowsAny<ArgumentException>(() =>
                {
                    using MLKem refused = fromSeed(test.Octets("seed"));
                    refused.Decapsulate(test.Octets("c"));
                });
                return;
            }
            using MLKem key = fromSeed(test.Octets("seed"));
            Assert.Equal(test.Octets("ek"), key.ExportEncapsulationKey());
            Assert.Equal(test.Octets("K"), key.Decapsulate(test.Octets("c")));
        });
    }
}
