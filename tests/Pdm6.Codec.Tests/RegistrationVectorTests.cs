using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pdm6.Codec.Vectors.Registration;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Codec.Tests;

/// <summary>The committed vectors of registration are what the program prints, and the gates agree with each.</summary>
public sealed class RegistrationVectorTests
{
    private static readonly byte[] s_committed =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "pdm6_registration.json"));

    private static readonly JsonElement s_document = Parse(s_committed);

    private static readonly Dictionary<string, JsonElement> s_vectors =
        s_document.GetProperty("vectors").EnumerateArray().ToDictionary(vector => vector.GetProperty("name").GetString()!);

    public static TheoryData<string> Names => [.. s_vectors.Keys];

    [Fact]
    public void Committed_PrintedAgain_IsFresh()
    {
        ArrayBufferWriter<byte> printed = new();
        RegistrationVectors.Write(printed);
        Assert.True(
            printed.WrittenSpan.SequenceEqual(s_committed),
            "vectors/pdm6_registration.json is stale: run 'pdm6 vectors --registration > vectors/pdm6_registration.json' and look at the difference.");
    }

    [Fact]
    public void Vectors_EveryKindAndVerdict_AreThere()
    {
        string[] verdicts = [.. s_vectors.Values.Select(vector => vector.GetProperty("verdict").GetString()!)];
        // A body that is too long would be a quarter of a megabyte of vector.
        Assert.All(
            Enum.GetValues<EnvelopeRefusal>().Except([EnvelopeRefusal.TooLong]),
            refusal => Assert.Contains(RegistrationVectors.NameOf(refusal), verdicts));
        Assert.Equal(
            ["announcement", "grant", "key-bundle"], s_vectors.Values.Select(vector => vector.GetProperty("kind").GetString()).Distinct());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gate_Vector_SaysItsVerdictAndOpensToThoseNamed(string name)
    {
        JsonElement vector = s_vectors[name];
        Assert.True(AuthorityCertificate.TryParse(Hex(s_document, "authority"), out AuthorityCertificate? authority, out _));
        Assert.True(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(vector.GetProperty("envelope").GetRawText()), out SignedEnvelope? envelope, out _));
        ulong now = vector.GetProperty("nowUnixNs").GetUInt64();
        ulong? last = vector.TryGetProperty("lastSequence", out JsonElement sequence) ? sequence.GetUInt64() : null;
        string verdict = vector.GetProperty("verdict").GetString()!;
        switch (vector.GetProperty("kind").GetString())
        {
            case "announcement":
                EnvelopeVerdict<SealedAnnouncement> announced = AnnouncementGate.Check(envelope, authority, now, _ => last);
                Assert.Equal(verdict, RegistrationVectors.NameOf(announced.Refusal));
                AssertOpens(vector, (key, secret) => announced.Content!.TryOpen(key, announced.Sender!.Hash, secret));
                break;
            case "grant":
                EnvelopeVerdict<SealedGrant> granted = GrantGate.Check(envelope, authority, now);
                Assert.Equal(verdict, RegistrationVectors.NameOf(granted.Refusal));
                AssertOpens(vector, (key, secret) => granted.Content!.TryOpen(key, granted.Sender!.Hash, secret));
                break;
            default:
                Assert.Equal(verdict, RegistrationVectors.NameOf(KeyBundleGate.Check(envelope, authority, now, _ => last).Refusal));
                break;
        }
    }

    [Fact]
    public void StatedKey_KeyAndMessageOfRfc6979_GiveItsSignature()
    {
        // RFC 6979, appendix A.2.5: P-256, SHA-256, "sample" and "test".
        StatedKey key = new(Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"));
        Assert.Equal(
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
            Convert.ToHexString(key.Sign("sample"u8)));
        Assert.Equal(
            "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
            Convert.ToHexString(key.Sign("test"u8)));
        using ECDsa platform = ECDsa.Create();
        platform.ImportSubjectPublicKeyInfo(key.PublicKeyInfo, out _);
        Assert.True(platform.VerifyData("sample"u8, key.Sign("sample"u8), HashAlgorithmName.SHA256));
    }

    private static void AssertOpens(JsonElement vector, Func<HpkePrivateKey, byte[], bool> opens)
    {
        if (!vector.TryGetProperty("opens", out JsonElement expected))
            return;
        foreach (JsonElement participant in s_document.GetProperty("participants").EnumerateArray())
        {
            using HpkePrivateKey key = HpkePrivateKey.Import(HpkeKem.DhkemP256HkdfSha256, Hex(participant, "hpkePrivateKey"));
            byte[] secret = new byte[KeyDerivation.SecretSize];
            string? opened = opens(key, secret) ? Convert.ToHexStringLower(secret) : null;
            Assert.Equal(expected.GetProperty(participant.GetProperty("name").GetString()!).GetString(), opened);
        }
    }

    private static byte[] Hex(JsonElement element, string member) => Convert.FromHexString(element.GetProperty(member).GetString()!);

    private static JsonElement Parse(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
