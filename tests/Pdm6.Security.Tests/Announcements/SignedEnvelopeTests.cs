using System.Text;
using System.Text.Json.Nodes;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;

namespace Pdm6.Security.Tests.Announcements;

public sealed class SignedEnvelopeTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Json_RoundTrip_KeepsTheOctets()
    {
        SignedEnvelope envelope = _scene.Announce();
        Assert.True(SignedEnvelope.TryParse(envelope.ToJson(), out SignedEnvelope? read, out _));
        Assert.Equal(envelope.Certificate, read.Certificate);
        Assert.Equal(envelope.Body, read.Body);
        Assert.Equal(envelope.Signature, read.Signature);
        Assert.Equal(["certificate", "body", "signature"], JsonNode.Parse(envelope.ToJson())!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public void Json_LongestBody_Fits()
    {
        SignedEnvelope envelope = _scene.Sign(EnvelopeKind.Announcement, new byte[SignedEnvelope.LongestBody]);
        Assert.True(SignedEnvelope.TryParse(envelope.ToJson(), out _, out string? error), error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"certificate\":\"\",\"body\":\"\"}")]
    [InlineData("{\"certificate\":\"\",\"body\":\"\",\"signature\":null}")]
    [InlineData("{\"certificate\":\"\",\"body\":\"\",\"signature\":\"*\"}")]
    [InlineData("{\"certificate\":\"\",\"body\":\"\",\"signature\":\"\",\"body\":\"\"}")]
    public void TryParse_NotAnEnvelope_IsRefused(string json) => AssertRefused(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void TryParse_TooLongOrTooDeep_IsRefused()
    {
        AssertRefused(new byte[SignedEnvelope.LongestJson + 1]);
        AssertRefused(Encoding.UTF8.GetBytes(new string('[', 1000)));
    }

    [Fact]
    public void Sign_CertificateOfAnotherKey_Throws()
    {
        Participant other = _scene.World.Join("host-b", Role.Endpoint);
        Assert.Throws<ArgumentException>(
            () => SignedEnvelope.Sign(EnvelopeKind.Grant, [1], _scene.Endpoint.Key, other.Certificate));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => SignedEnvelope.Sign((EnvelopeKind)9, [1], _scene.Endpoint.Key, _scene.Endpoint.Certificate));
    }

    private static void AssertRefused(byte[] json)
    {
        Assert.False(SignedEnvelope.TryParse(json, out SignedEnvelope? envelope, out string? error));
        Assert.Null(envelope);
        Assert.NotEmpty(error);
    }
}
