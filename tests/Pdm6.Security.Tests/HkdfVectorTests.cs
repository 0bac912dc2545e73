using System.Security.Cryptography;
using System.Text.Json;

namespace Pdm6.Security.Tests;

/// <summary>Wycheproof's HKDF-SHA256 vectors against the platform's HKDF, on which every key here rests.</summary>
public sealed class HkdfVectorTests
{
    private static readonly Dictionary<int, (JsonElement Group, JsonElement Test)> s_vectors =
        VectorFile.ReadWycheproof("wycheproof_hkdf_sha256.json");

    public static TheoryData<int> Cases => [.. s_vectors.Keys];

    [Fact]
    public void Wycheproof_WholeFile_IsRun() => Assert.Equal(86, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ExtractAndExpand_WycheproofVector_GivesItsOutput(int id)
    {
        JsonElement test = s_vectors[id].Test;
        byte[] output = new byte[test.Number("size")];
        byte[] extracted = HKDF.Extract(HashAlgorithmName.SHA256, test.Octets("ikm"), test.Octets("salt"));
        if (test.IsValid())
        {
            HKDF.Expand(HashAlgorithmName.SHA256, extracted, output, test.Octets("info"));
            Assert.Equal(test.Octets("okm"), output);
        }
        else
        {
            Assert.ThrowsAny<ArgumentException>(
                () => HKDF.Expand(HashAlgorithmName.SHA256, extracted, output, test.Octets("info")));
        }
    }
}
