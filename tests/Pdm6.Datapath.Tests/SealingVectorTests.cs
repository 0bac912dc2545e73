using System.Text.Json;

namespace Pdm6.Datapath.Tests;

/// <summary>
/// Wycheproof's AES-256-GCM vectors with a 96-bit nonce, a 128-bit tag and 16 octets of message. There are 30, all
/// without associated data. They fit nevertheless: a block of zeros adds nothing to GHASH, so only the lengths block
/// differs, and that belongs to the key.
/// </summary>
public class SealingVectorTests
{
    private static readonly UInt128 s_lengths = 8 * 16;

    private static readonly Dictionary<int, JsonElement> s_vectors = Read();

    public static TheoryData<int> Cases => new(s_vectors.Keys);

    [Fact]
    public void Wycheproof_OurShape_IsAllThere() => Assert.Equal(30, s_vectors.Count);

    [KernelTheory]
    [MemberData(nameof(Cases))]
    public void Verify_WycheproofVector_SaysWhatTheVectorSays(int id)
    {
        JsonElement vector = s_vectors[id];
        using SealingPrograms programs = new();

        SealingResult judged = programs.Verify(
            Pack(vector), new SealingCase(Octets(vector, "iv"), new byte[8], Octets(vector, "ct"), Octets(vector, "tag")));

        Assert.Equal(IsValid(vector), judged.Accepted);
    }

    [KernelTheory]
    [MemberData(nameof(Cases))]
    public void Seal_WycheproofVector_GivesItsCiphertextAndNoFalseTag(int id)
    {
        JsonElement vector = s_vectors[id];
        using SealingPrograms programs = new();

        SealingResult made = programs.Seal(
            Pack(vector), new SealingCase(Octets(vector, "iv"), new byte[8], Octets(vector, "msg"), []));

        Assert.Equal(Octets(vector, "ct"), made.Block);
        Assert.Equal(IsValid(vector), Octets(vector, "tag").SequenceEqual(made.Tag));
    }

    private static byte[] Pack(JsonElement vector)
    {
        byte[] key = Octets(vector, "key");
        byte[] packed = new byte[KernelDatapath.PackedKeySize];
        KernelKey.Pack(SealingPrograms.Schedule(key), SealingPrograms.HashKey(key), new byte[12], s_lengths, packed);
        return packed;
    }

    private static Dictionary<int, JsonElement> Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "vectors", "wycheproof_aes_gcm.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone().GetProperty("testGroups").EnumerateArray()
            .Where(group => Number(group, "keySize") == 256 && Number(group, "ivSize") == 96 && Number(group, "tagSize") == 128)
            .SelectMany(group => group.GetProperty("tests").EnumerateArray())
            .Where(test => Octets(test, "msg").Length == 16 && Octets(test, "aad").Length == 0)
            .ToDictionary(test => Number(test, "tcId"));
    }

    private static int Number(JsonElement element, string property) => element.GetProperty(property).GetInt32();

    private static byte[] Octets(JsonElement element, string property) =>
        Convert.FromHexString(element.GetProperty(property).GetString()!);

    private static bool IsValid(JsonElement vector) => vector.GetProperty("result").GetString() == "valid";
}
