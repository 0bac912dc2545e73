using System.Text;
using System.Text.Json.Nodes;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;

namespace Pdm6.Security.Tests.Announcements;

public sealed class KeyBundleTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    private KeyBundle Bundle => KeyBundle.Create([_scene.Analyzer.PublicKey], 7, Scene.Now, Scene.Now + Scene.Hour);

    private EnvelopeVerdict<KeyBundle> Judge(SignedEnvelope envelope, ulong? now = null, ulong? last = null) =>
        KeyBundleGate.Check(envelope, _scene.World.Trust, now ?? Scene.Now, _ => last);

    [Fact]
    public void Check_BundleOfEitherRole_IsAcceptedAndCanBeSealedTo()
    {
        foreach (Role role in Enum.GetValues<Role>())
        {
            Participant participant = _scene.World.Join("one", role);
            EnvelopeVerdict<KeyBundle> verdict = Judge(_scene.Sign(EnvelopeKind.KeyBundle, Bundle.ToJson(), participant));
            Assert.True(verdict.IsAccepted, verdict.Reason);
            Assert.Equal(participant.Key.Fingerprint, verdict.Sender.IdentityFingerprint);
            Assert.True(verdict.Content.TryChoose(out Recipient? recipient));
            Assert.Equal(_scene.Analyzer.PublicKey.KeyId, recipient.Key.KeyId);
            Assert.Equal((HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm), (recipient.Kdf, recipient.Aead));
        }
    }

    [Fact]
    public void Check_SubstitutedKey_IsRefused()
    {
        SignedEnvelope good = _scene.Sign(EnvelopeKind.KeyBundle, Bundle.ToJson());
        byte[] substituted = KeyBundle.Create([_scene.Stranger.PublicKey], 7, Scene.Now, Scene.Now + Scene.Hour).ToJson();
        Assert.Equal(EnvelopeRefusal.BadSignature, Judge(good with { Body = substituted }).Refusal);
    }

    [Fact]
    public void Check_AnyOctetAltered_IsRefused()
    {
        SignedEnvelope good = _scene.Sign(EnvelopeKind.KeyBundle, Bundle.ToJson());
        for (int i = 0; i < good.Body.Length; i++)
        {
            byte[] body = [.. good.Body];
            body[i] ^= 1;
            Assert.False(Judge(good with { Body = body }).IsAccepted);
        }
    }

    [Fact]
    public void Check_Refusals_AreThoseOfTheContract()
    {
        SignedEnvelope good = _scene.Sign(EnvelopeKind.KeyBundle, Bundle.ToJson());
        Participant brief = _scene.World.Join("host-c", Role.Endpoint, World.Now.AddHours(-2), World.Now.AddHours(-1));
        Assert.True(Judge(good, last: 6).IsAccepted);
        Assert.Equal(EnvelopeRefusal.StaleSequence, Judge(good, last: 7).Refusal);
        Assert.Equal(EnvelopeRefusal.Expired, Judge(good, now: Scene.Now + Scene.Hour).Refusal);
        Assert.Equal(EnvelopeRefusal.FromTheFuture, Judge(good, now: Scene.Now - 301 * Scene.Second).Refusal);
        Assert.Equal(EnvelopeRefusal.CertificateNotValidThen, Judge(_scene.Sign(EnvelopeKind.KeyBundle, Bundle.ToJson(), brief)).Refusal);
        Assert.Equal(EnvelopeRefusal.Malformed, Judge(_scene.Sign(EnvelopeKind.KeyBundle, [.. "{}"u8])).Refusal);
        Assert.Equal(EnvelopeRefusal.BadSignature, Judge(_scene.Announce()).Refusal);
    }

    [Fact]
    public void TryChoose_KeyOfAnUnknownMechanism_IsPassedOver()
    {
        BundledKey unknown = new(HpkeKeyId.Of([1, 2, 3]), (HpkeKem)0x7777, [1, 2, 3]);
        KeyBundle bundle = Bundle with
        {
            Keys = [unknown, .. Bundle.Keys], Suites = [new((HpkeKdf)77, HpkeAead.Aes256Gcm), new(HpkeKdf.HkdfSha256, HpkeAead.ExportOnly), new(HpkeKdf.HkdfSha512, HpkeAead.Aes128Gcm)],
        };
        KeyBundle read = Parse(bundle.ToJson());
        Assert.True(read.TryChoose(out Recipient? recipient));
        Assert.Equal((_scene.Analyzer.PublicKey.KeyId, HpkeKdf.HkdfSha512, HpkeAead.Aes128Gcm), (recipient.Key.KeyId, recipient.Kdf, recipient.Aead));
        Assert.False(Parse((bundle with { Keys = [unknown] }).ToJson()).TryChoose(out recipient));
        Assert.Null(recipient);
    }

    [Fact]
    public void TryParse_WhatWasWritten_IsTheSame()
    {
        KeyBundle bundle = Bundle;
        KeyBundle read = Parse(bundle.ToJson());
        Assert.Equal(bundle.ToJson(), read.ToJson());
        Assert.Equal(
            ["formatVersion", "sequence", "issuedAtUnixNs", "notAfterUnixNs", "keys", "suites"], Json(bundle).Select(member => member.Key));
        Assert.Equal(["keyId", "kem", "publicKey"], Json(bundle)["keys"]![0]!.AsObject().Select(member => member.Key));
        Assert.Equal(["kdf", "aead"], Json(bundle)["suites"]![0]!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("formatVersion", "2")]
    [InlineData("sequence", "-1")]
    [InlineData("notAfterUnixNs", "1")]
    [InlineData("keys", "[]")]
    [InlineData("keys", "[null]")]
    [InlineData("keys", "null")]
    [InlineData("suites", "[]")]
    [InlineData("suites", "[null]")]
    [InlineData("suites", "[{\"kdf\":1}]")]
    public void TryParse_MemberOutOfRange_IsRefused(string member, string value)
    {
        JsonObject json = Json(Bundle);
        json[member] = JsonNode.Parse(value);
        AssertRefused(json);
    }

    [Fact]
    public void TryParse_KeyThatIsNone_IsRefused()
    {
        void WithKey(BundledKey key) => AssertRefused(Json(Bundle with { Keys = [key] }));
        byte[] point = _scene.Analyzer.PublicKey.Octets.ToArray();
        WithKey(new BundledKey(_scene.Stranger.PublicKey.KeyId, HpkeKem.DhkemP256HkdfSha256, point));
        point[7] ^= 1;
        WithKey(new BundledKey(HpkeKeyId.Of(point), HpkeKem.DhkemP256HkdfSha256, point));
        WithKey(new BundledKey(HpkeKeyId.Of(new byte[2049]), (HpkeKem)0x7777, new byte[2049]));
        AssertRefused(Json(Bundle with { Keys = [Bundle.Keys[0], Bundle.Keys[0]] }));
        AssertRefused(Json(Bundle with { Keys = [.. Enumerable.Range(0, 9).Select(i => new BundledKey(HpkeKeyId.Of([(byte)i]), (HpkeKem)0x7777, [(byte)i]))] }));
        AssertRefused(Json(Bundle with { Suites = [.. Enumerable.Repeat(Bundle.Suites[0], 17)] }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void TryParse_NotABundle_IsRefused(string body) =>
        Assert.False(KeyBundle.TryParse(Encoding.UTF8.GetBytes(body), out _, out string? error) || string.IsNullOrEmpty(error));

    [Fact]
    public void Create_CallersMistakes_Throw()
    {
        Assert.Throws<ArgumentException>(() => KeyBundle.Create([], 1, 1, 2));
        Assert.Throws<ArgumentException>(() => KeyBundle.Create([_scene.Analyzer.PublicKey], 1, 2, 2));
        Assert.Throws<ArgumentException>(() => KeyBundle.Create([_scene.Analyzer.PublicKey, _scene.Analyzer.PublicKey], 1, 1, 2));
    }

    private static JsonObject Json(KeyBundle bundle) => JsonNode.Parse(bundle.ToJson())!.AsObject();

    private static KeyBundle Parse(byte[] body)
    {
        Assert.True(KeyBundle.TryParse(body, out KeyBundle? bundle, out string? error), error);
        return bundle!;
    }

    private static void AssertRefused(JsonObject json)
    {
        Assert.False(KeyBundle.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out KeyBundle? bundle, out string? error));
        Assert.Null(bundle);
        Assert.NotEmpty(error);
    }
}
