using System.Text;
using System.Text.Json.Nodes;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;
using Pdm6.Wire;

namespace Pdm6.Security.Tests.Announcements;

public sealed class GrantTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    private EnvelopeVerdict<SealedGrant> Judge(SignedEnvelope envelope, ulong? now = null) =>
        GrantGate.Check(envelope, _scene.World.Trust, now ?? Scene.Now);

    [Fact]
    public void Check_GoodGrant_OpensForTheDestinationAlone()
    {
        EnvelopeVerdict<SealedGrant> verdict = Judge(_scene.Give());
        Assert.True(verdict.IsAccepted, verdict.Reason);
        Assert.Equal(_scene.Grant, verdict.Content.Grant);
        byte[] secret = new byte[32];
        Assert.True(verdict.Content.TryOpen(_scene.Analyzer, verdict.Sender.Hash, secret));
        Assert.Equal(_scene.Secret, secret);
        Assert.False(verdict.Content.TryOpen(_scene.Stranger, verdict.Sender.Hash, secret));
        Participant other = _scene.World.Join("host-b", Role.Endpoint, "2001:db8:a::/48");
        Assert.False(verdict.Content.TryOpen(_scene.Analyzer, other.Certificate.Hash, secret));
    }

    [Fact]
    public void TryOpen_ItemLiftedIntoAnotherGrant_Fails()
    {
        JsonObject mine = Json(_scene.Give().Body);
        JsonObject other = Json(_scene.Give(grant: _scene.Grant with { Destination = Ipv6Address.Parse("2001:db8:b::2") }).Body);
        other["sealed"] = mine["sealed"]!.DeepClone();
        Assert.True(SealedGrant.TryParse(Octets(other), out SealedGrant? grant, out _));
        Assert.False(grant.TryOpen(_scene.Analyzer, _scene.Endpoint.Certificate.Hash, new byte[32]));
    }

    [Fact]
    public void TryOpen_BaseSecretAsAPairSecret_Fails()
    {
        // The same key, certificate and context: only the kind tells them apart, and the document.
        JsonObject grant = Json(_scene.Give().Body), announcement = Json(_scene.Announce().Body);
        grant["sealed"] = announcement["sealed"]![0]!.DeepClone();
        Assert.True(SealedGrant.TryParse(Octets(grant), out SealedGrant? read, out _));
        Assert.False(read.TryOpen(_scene.Analyzer, _scene.Endpoint.Certificate.Hash, new byte[32]));
    }

    [Fact]
    public void Check_AnyOctetAltered_IsRefused()
    {
        SignedEnvelope good = _scene.Give();
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
        Participant analyzer = _scene.World.Join("collector", Role.Analyzer, "2001:db8:a::/48");
        Participant elsewhere = _scene.World.Join("host-b", Role.Endpoint, "2001:db8:b::/48");
        Participant brief = _scene.World.Join("host-c", Role.Endpoint, World.Now.AddHours(-2), World.Now.AddHours(-1), "2001:db8:a::/48");
        Assert.Equal(EnvelopeRefusal.WrongRole, Judge(_scene.Give(analyzer)).Refusal);
        Assert.Equal(EnvelopeRefusal.AddressOutsidePrefixes, Judge(_scene.Give(elsewhere)).Refusal);
        Assert.Equal(EnvelopeRefusal.CertificateNotValidThen, Judge(_scene.Give(brief)).Refusal);
        Assert.Equal(EnvelopeRefusal.BadSignature, Judge(_scene.Announce()).Refusal);
        Assert.Equal(EnvelopeRefusal.Malformed, Judge(_scene.Sign(EnvelopeKind.Grant, _scene.Announce().Body)).Refusal);
        Assert.Equal(EnvelopeRefusal.FromTheFuture, Judge(_scene.Give(), Scene.Now - 301 * Scene.Second).Refusal);
        Assert.True(Judge(_scene.Give(), Scene.Now + 48 * Scene.Hour).IsAccepted);
        Assert.Equal(EnvelopeRefusal.Expired, Judge(_scene.Give(), Scene.Now + 48 * Scene.Hour + 1).Refusal);
    }

    [Theory]
    [InlineData("formatVersion", "2")]
    [InlineData("contextId", "\"00\"")]
    [InlineData("source", "\"ff02::1\"")]
    [InlineData("source", "\"::\"")]
    [InlineData("source", "\"192.0.2.1\"")]
    [InlineData("source", "7")]
    [InlineData("source", "\"2001:db8:b::1\"")]
    [InlineData("destination", "\"ff02::1\"")]
    [InlineData("destination", "null")]
    [InlineData("recipient", "\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("firstEpochIndex", "1440")]
    [InlineData("firstEpochIndex", "-1")]
    [InlineData("lastEpochIndex", "4096")]
    [InlineData("issuedAtUnixNs", "-1")]
    public void TryParse_MemberOutOfRange_IsRefused(string member, string value)
    {
        JsonObject body = Json(_scene.Give().Body), grant = Json(Convert.FromBase64String((string)body["grant"]!));
        grant[member] = JsonNode.Parse(value);
        body["grant"] = Convert.ToBase64String(Octets(grant));
        AssertRefused(Octets(body));
    }

    [Fact]
    public void TryParse_MemberMissing_IsRefused()
    {
        string[] members = [.. Json(_scene.Grant.ToJson()).Select(member => member.Key)];
        Assert.Equal(8, members.Length);
        Assert.All(members, member =>
        {
            JsonObject body = Json(_scene.Give().Body), grant = Json(Convert.FromBase64String((string)body["grant"]!));
            grant.Remove(member);
            body["grant"] = Convert.ToBase64String(Octets(grant));
            AssertRefused(Octets(body));
        });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"grant\":\"bnVsbA==\",\"sealed\":{}}")]
    public void TryParse_NotABody_IsRefused(string body) => AssertRefused(Encoding.UTF8.GetBytes(body));

    [Fact]
    public void TryParse_SealedItemOutOfRange_IsRefused()
    {
        JsonObject body = Json(_scene.Give().Body);
        body["sealed"]!["ciphertext"] = "AAAA";
        AssertRefused(Octets(body));
    }

    [Fact]
    public void Seal_CallersMistakes_Throw()
    {
        Recipient recipient = new(_scene.Analyzer.PublicKey);
        Assert.Throws<ArgumentException>(() => SealedGrant.Seal(_scene.Grant, new byte[33], recipient, _scene.Endpoint.Certificate));
        Assert.Throws<ArgumentException>(() => SealedGrant.Seal(
            _scene.Grant with { LastEpochIndex = 4096 }, _scene.Secret, recipient, _scene.Endpoint.Certificate));
    }

    private static JsonObject Json(byte[] octets) => JsonNode.Parse(octets)!.AsObject();

    private static byte[] Octets(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static void AssertRefused(byte[] body)
    {
        Assert.False(SealedGrant.TryParse(body, out SealedGrant? grant, out string? error));
        Assert.Null(grant);
        Assert.NotEmpty(error);
    }
}
