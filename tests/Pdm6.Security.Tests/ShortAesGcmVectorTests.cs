using System.Text.Json;

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
            if (group.Number("ivSize") == 96 && group.Number("tagSize") == 128 && group.Number("keySize") != 192)
                foreach (bool accelerated in AccelerationModes.All)
                    cases.Add(id, accelerated);
        return cases;
    }

    [Fact]
    public void Wycheproof_OurShape_IsAllThere() =>
        Assert.Equal(133 * AccelerationModes.All.Count, Cases().Count);

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
}
