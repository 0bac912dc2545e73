using System.Text;
using System.Text.Json.Nodes;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;

namespace Pdm6.Security.Tests.Announcements;

public sealed class SealedAnnouncementTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void TryOpen_ByEachRecipient_GivesTheSecretAndToNobodyElse()
    {
        byte[] body = SealedAnnouncement.Seal(
            _scene.Announcement, _scene.Secret,
            [new Recipient(_scene.Analyzer.PublicKey), new Recipient(_scene.Stranger.PublicKey, HpkeKdf.HkdfSha512, HpkeAead.Aes128Gcm)],
            _scene.Endpoint.Certificate);
        SealedAnnouncement read = Parse(body);
        Assert.Equal(_scene.Secret, _scene.Open(read, _scene.Analyzer));
        Assert.Equal(_scene.Secret, _scene.Open(read, _scene.Stranger));
        using HpkePrivateKey third = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
        Assert.Null(_scene.Open(read, third));
    }

    [Fact]
    public void TryOpen_NothingSealedToTheKey_ZeroesTheRoom()
    {
        byte[] secret = [.. _scene.Secret];
        Assert.False(Parse(_scene.Announce().Body).TryOpen(_scene.Stranger, _scene.Endpoint.Certificate.Hash, secret));
        Assert.Equal(new byte[32], secret);
    }

    [Fact]
    public void TryOpen_ItemLiftedIntoAnotherAnnouncement_Fails()
    {
        byte[] mine = _scene.Announce().Body;
        // The same context, one number higher: even that is another announcement.
        byte[] another = _scene.Announce(announcement: _scene.Announcement with { Sequence = 8 }).Body;
        Assert.Null(_scene.Open(Parse(WithItemOf(another, mine))));
        Assert.Equal(_scene.Secret, _scene.Open(Parse(WithItemOf(mine, mine))));
    }

    [Fact]
    public void TryOpen_ItemLiftedByAnotherSender_Fails()
    {
        Participant thief = _scene.World.Join("host-b", Role.Endpoint, "2001:db8:a::/48");
        SealedAnnouncement read = Parse(_scene.Announce().Body);
        Assert.Null(_scene.Open(read, sender: thief.Certificate.Hash));
    }

    [Fact]
    public void TryOpen_SubstitutedRecipient_Fails()
    {
        // The registrar puts a key of its own in the analyzer's place.
        JsonObject body = Json(_scene.Announce().Body);
        JsonObject announcement = Json(Convert.FromBase64String((string)body["announcement"]!));
        announcement["recipients"] = new JsonArray(_scene.Stranger.PublicKey.KeyId.ToString());
        body["announcement"] = Convert.ToBase64String(Octets(announcement));
        body["sealed"]![0]!["keyId"] = _scene.Stranger.PublicKey.KeyId.ToString();
        Assert.Null(_scene.Open(Parse(Octets(body)), _scene.Stranger));
        Assert.Null(_scene.Open(Parse(Octets(body)), _scene.Analyzer));
    }

    [Theory]
    [InlineData("kem", "17")]
    [InlineData("kdf", "3")]
    [InlineData("aead", "1")]
    [InlineData("aead", "65535")]
    [InlineData("aead", "7")]
    public void TryOpen_OtherAlgorithms_Fails(string member, string value)
    {
        JsonObject body = Json(_scene.Announce().Body);
        body["sealed"]![0]![member] = JsonNode.Parse(value);
        Assert.Null(_scene.Open(Parse(Octets(body))));
    }

    [Theory]
    [InlineData("enc")]
    [InlineData("ciphertext")]
    public void TryOpen_AnyOctetAltered_Fails(string member)
    {
        byte[] good = _scene.Announce().Body;
        int length = Convert.FromBase64String((string)Json(good)["sealed"]![0]![member]!).Length;
        for (int i = 0; i < length; i++)
        {
            JsonObject body = Json(good);
            byte[] octets = Convert.FromBase64String((string)body["sealed"]![0]![member]!);
            octets[i] ^= 1;
            body["sealed"]![0]![member] = Convert.ToBase64String(octets);
            Assert.Null(_scene.Open(Parse(Octets(body))));
        }
    }

    [Fact]
    public void TryOpen_RoomOfAnotherSize_Throws()
    {
        SealedAnnouncement read = Parse(_scene.Announce().Body);
        Assert.Throws<ArgumentException>(() => read.TryOpen(_scene.Analyzer, default, new byte[31]));
        Assert.Throws<ArgumentException>(() => read.TryOpen(_scene.Stranger, default, new byte[31]));
    }

    [Fact]
    public void Seal_Nobody_IsAnAnnouncementWithoutRecipients()
    {
        SealedAnnouncement read = Parse(SealedAnnouncement.Seal(_scene.Announcement, _scene.Secret, [], _scene.Endpoint.Certificate));
        Assert.Empty(read.Sealed);
        Assert.Empty(read.Announcement.Recipients!);
    }

    [Fact]
    public void Seal_AsManyAsFit_IsRead()
    {
        HpkePrivateKey[] keys = [.. Enumerable.Range(0, 65).Select(_ => HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256))];
        Recipient[] recipients = [.. keys.Select(key => new Recipient(key.PublicKey))];
        Assert.Equal(64, Parse(SealedAnnouncement.Seal(_scene.Announcement, _scene.Secret, recipients[1..], _scene.Endpoint.Certificate)).Sealed.Count);
        Assert.Throws<ArgumentException>(
            () => SealedAnnouncement.Seal(_scene.Announcement, _scene.Secret, recipients, _scene.Endpoint.Certificate));
        Array.ForEach(keys, key => key.Dispose());
    }

    [Fact]
    public void Seal_CallersMistakes_Throw()
    {
        Recipient analyzer = new(_scene.Analyzer.PublicKey);
        void Seal(Announcement announcement, byte[] secret, params Recipient[] recipients) =>
            SealedAnnouncement.Seal(announcement, secret, recipients, _scene.Endpoint.Certificate);
        Assert.Throws<ArgumentException>(() => Seal(_scene.Announcement, new byte[31], analyzer));
        Assert.Throws<ArgumentException>(() => Seal(_scene.Announcement with { AgentName = "" }, _scene.Secret, analyzer));
        Assert.Throws<ArgumentException>(() => Seal(_scene.Announcement, _scene.Secret, analyzer, analyzer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"announcement\":\"\",\"sealed\":[]}")]
    [InlineData("{\"announcement\":\"e30=\",\"sealed\":[]}")]
    [InlineData("{\"announcement\":\"%\",\"sealed\":[]}")]
    [InlineData("{\"announcement\":null,\"sealed\":[]}")]
    public void TryParse_NotABody_IsRefused(string body) => AssertRefused(Encoding.UTF8.GetBytes(body));

    [Theory]
    [InlineData("sealed", "[]")]
    [InlineData("sealed", "null")]
    [InlineData("sealed", "[null]")]
    [InlineData("sealed", "[7]")]
    [InlineData("announcement", "7")]
    public void TryParse_MemberReplaced_IsRefused(string member, string value)
    {
        JsonObject body = Json(_scene.Announce().Body);
        body[member] = JsonNode.Parse(value);
        AssertRefused(Octets(body));
    }

    [Theory]
    [InlineData("keyId", "\"00\"")]
    [InlineData("keyId", "\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("keyId", "null")]
    [InlineData("kem", "65536")]
    [InlineData("kem", "\"x\"")]
    [InlineData("enc", "\"\"")]
    [InlineData("enc", "\"*\"")]
    [InlineData("ciphertext", "\"AAAA\"")]
    [InlineData("ciphertext", "null")]
    public void TryParse_SealedItemOutOfRange_IsRefused(string member, string value)
    {
        JsonObject body = Json(_scene.Announce().Body);
        body["sealed"]![0]![member] = JsonNode.Parse(value);
        AssertRefused(Octets(body));
    }

    [Fact]
    public void TryParse_ItemTooMany_IsRefused()
    {
        JsonObject body = Json(_scene.Announce().Body);
        body["sealed"]!.AsArray().Add(body["sealed"]![0]!.DeepClone());
        AssertRefused(Octets(body));
        body = Json(_scene.Announce().Body);
        body["sealed"]![0]!["enc"] = Convert.ToBase64String(new byte[SealedSecret.LongestEnc + 1]);
        AssertRefused(Octets(body));
    }

    [Fact]
    public void TryParse_MemberTwice_IsRefused()
    {
        string body = Encoding.UTF8.GetString(_scene.Announce().Body);
        AssertRefused(Encoding.UTF8.GetBytes(body[..^1] + ",\"sealed\":[]}"));
    }

    [Fact]
    public void TryParse_RecipientsOfTheAnnouncement_AreBoundedAndDistinct()
    {
        JsonObject announcement = Json(_scene.Announcement.ToJson());
        string[] ids = [.. Enumerable.Range(0, 65).Select(i => Fingerprint.Of([(byte)i]).ToString())];
        bool Parses(params string[] recipients)
        {
            announcement["recipients"] = new JsonArray([.. recipients.Select(r => (JsonNode)r)]);
            return Announcement.TryParse(Octets(announcement), out _, out _);
        }
        Assert.True(Parses());
        Assert.True(Parses(ids[1..]));
        Assert.False(Parses(ids));
        Assert.False(Parses(ids[0], ids[0]));
        Assert.False(Parses("00"));
        announcement["recipients"] = 7;
        Assert.False(Announcement.TryParse(Octets(announcement), out _, out _));
    }

    private static byte[] WithItemOf(byte[] body, byte[] other)
    {
        JsonObject changed = Json(body);
        changed["sealed"] = Json(other)["sealed"]!.DeepClone();
        return Octets(changed);
    }

    private static JsonObject Json(byte[] octets) => JsonNode.Parse(octets)!.AsObject();

    private static byte[] Octets(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static SealedAnnouncement Parse(byte[] body)
    {
        Assert.True(SealedAnnouncement.TryParse(body, out SealedAnnouncement? announcement, out string? error), error);
        return announcement!;
    }

    private static void AssertRefused(byte[] body)
    {
        Assert.False(SealedAnnouncement.TryParse(body, out SealedAnnouncement? announcement, out string? error));
        Assert.Null(announcement);
        Assert.NotEmpty(error);
    }
}
