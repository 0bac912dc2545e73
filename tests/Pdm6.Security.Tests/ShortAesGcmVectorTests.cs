using System.Security.Cryptography;
using System.Text.Json;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>Wycheproof's AES-GCM vectors that have our shape: 96-bit IV, 128-bit tag, keys of 128 and 256 bits.</summary>
public sealed class ShortAesGcmVectorTests
{
    private static readonly Dictionary<int, (JsonElement Group, JsonElement Test)> s_vectors =
        VectorFile.ReadWycheproof("wycheproof_aes_gcm.json");

    public static TheoryData<int, bool> Cases()
    {
        TheoryData<int, bool> cases = [];
        foreach ((int id, (JsonElement group, _)) in s_vectors)
            if (HasOurShape(group))
                foreach (bool accelerated in AccelerationModes.All)
                    cases.Add(id, accelerated);
        return cases;
    }

    /// <summary>Nothing is left out in silence: of the file's 316 vectors in 45 groups, the two groups of our shape run,
    /// 67 vectors with keys of 128 bits and 66 of 256, on every way this machine has; all others have another IV or
    /// keys of 192 bits.</summary>
    [Fact]
    public void Wycheproof_WholeFile_IsRunOrHasAnotherShape()
    {
        JsonElement[] groups = [.. VectorFile.Read("wycheproof_aes_gcm.json").GetProperty("testGroups").EnumerateArray()];
        Assert.Equal(45, groups.Length);
        Assert.Equal(316, s_vectors.Count);
        Assert.Equal(
            [(128, 67), (256, 66)],
            groups.Where(HasOurShape).Select(g => (g.Number("keySize"), g.GetProperty("tests").GetArrayLength())));
        Assert.All(groups, g => Assert.True(
            HasOurShape(g) || g.Number("ivSize") != 96 || g.Number("keySize") == 192));
        Assert.Equal((67 + 66) * AccelerationModes.All.Count, Cases().Count);
    }

    /// <summary>One vector has the option's shape; the short path meets the keys and nonces of all.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void ShortPath_KeyAndNonceOfAnyVector_EqualsThePlatform(int id, bool accelerated)
    {
        JsonElement test = s_vectors[id].Test;
        byte[] associatedData = [1, 2, 3, 4, 5, 6, 7, (byte)id], text = new byte[PdmMetrics.Size];
        Array.Fill(text, (byte)id);
        byte[] ciphertext = new byte[text.Length], tag = new byte[ShortAesGcm.TagSize], opened = new byte[text.Length];
        using AesGcm platform = new(test.Octets("key"), tag.Length);
        platform.Encrypt(test.Octets("iv"), text, ciphertext, tag, associatedData);

        using ShortAesGcm gcm = ShortAesGcm.Create(test.Octets("key"), accelerated);
        Assert.True(gcm.TryOpen(test.Octets("iv"), associatedData, ciphertext, tag, opened));
        Assert.Equal(text, opened);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TryOpen_WycheproofVector_SaysWhatTheVectorSays(int id, bool accelerated)
    {
        JsonElement test = s_vectors[id].Test;
        byte[] ciphertext = test.Octets("ct");
        byte[] plaintext = new byte[ciphertext.Length];
        using ShortAesGcm gcm = ShortAesGcm.Create(test.Octets("key"), accelerated);
        bool opened = gcm.TryOpen(test.Octets("iv"), test.Octets("aad"), ciphertext, test.Octets("tag"), plaintext);
        Assert.Equal(test.IsValid(), opened);
        Assert.Equal(test.IsValid() ? test.Octets("msg") : new byte[ciphertext.Length], plaintext);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Seal_WycheproofVector_GivesItsCiphertextAndTag(int id, bool accelerated)
    {
        JsonElement test = s_vectors[id].Test;
        byte[] plaintext = test.Octets("msg");
        byte[] ciphertext = new byte[plaintext.Length];
        byte[] tag = new byte[ShortAesGcm.TagSize];
        using ShortAesGcm gcm = ShortAesGcm.Create(test.Octets("key"), accelerated);
        gcm.Seal(test.Octets("iv"), test.Octets("aad"), plaintext, ciphertext, tag);
        if (test.IsValid())
        {
            Assert.Equal(test.Octets("ct"), ciphertext);
            Assert.Equal(test.Octets("tag"), tag);
        }
        else
        {
            Assert.NotEqual(test.Octets("tag"), tag);
        }
    }

    private static bool HasOurShape(JsonElement group) =>
        group.Number("ivSize") == 96 && group.Number("tagSize") == 128 && group.Number("keySize") != 192;
}
