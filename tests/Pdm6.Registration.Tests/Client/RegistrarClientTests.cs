using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.Client;

/// <summary>What a client makes of answers, good and bad.</summary>
public sealed class RegistrarClientTests : IDisposable
{
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("authority", DateTimeOffset.UtcNow.AddDays(-1));
    private readonly IdentityKey _key = IdentityKey.Generate();

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private async Task<RegistrarReply<ParticipantKeys>> AskAsync(RequestDelegate answer)
    {
        Assert.True(ParticipantRequest.TryParse(_key.CreateRequest("x"), out ParticipantRequest? request, out _));
        using X509Certificate2 tls = _key.ForTls(_authority.IssueServer(
            request, "registrar", [], [IPAddress.IPv6Loopback], DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1)));
        await using TlsServer server = await TlsServer.StartAsync(tls, answer);
        using RegistrarClient client = new(server.Address, _authority.Certificate, () => null, TimeProvider.System);
        return await client.GetOwnerAsync(Ipv6Address.Parse("2001:db8::1"), CancellationToken.None);
    }

    private static RequestDelegate Say(int status, string body, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    };

    [Fact]
    public async Task Answer_Good_IsAccepted()
    {
        string path = "";
        RegistrarReply<ParticipantKeys> reply = await AskAsync(context =>
        {
            path = context.Request.Path;
            return Say(200, """{"certificate":"AQI="}""")(context);
        });
        Assert.True(reply.IsAccepted);
        Assert.Equal([1, 2], reply.Value!.Certificate);
        Assert.Equal("/v1/owners/2001:db8::1", path);
    }

    [Theory]
    [InlineData(404, RegistrarOutcome.Refused)]
    [InlineData(403, RegistrarOutcome.Refused)]
    [InlineData(429, RegistrarOutcome.Unavailable)]
    [InlineData(503, RegistrarOutcome.Unavailable)]
    public async Task Answer_Refusal_BringsCodeAndMessage(int status, RegistrarOutcome outcome)
    {
        RegistrarReply<ParticipantKeys> reply = await AskAsync(
            Say(status, """{"error":"some-code","message":"Do\u001b[31m this."}""", retryAfter: "7"));
        Assert.Equal((outcome, "some-code", "Do [31m this.", TimeSpan.FromSeconds(7)),
            (reply.Outcome, reply.Code, reply.Message, reply.RetryAfter));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"certificate":null}""")]
    [InlineData(200, """{"certificate":"AQI=","certificate":"AQI="}""")]
    [InlineData(200, """{"keyBundle":{}}""")]
    [InlineData(301, "")]
    [InlineData(400, "<html>")]
    public async Task Answer_ThatMakesNoSense_IsARefusalNotAnException(int status, string body)
    {
        RegistrarReply<ParticipantKeys> reply = await AskAsync(Say(status, body));
        Assert.Equal(RegistrarOutcome.Refused, reply.Outcome);
        Assert.NotEmpty(reply.Message);
    }

    [Fact]
    public async Task Answer_ThatBreaksOff_IsUnavailable()
    {
        RegistrarReply<ParticipantKeys> reply = await AskAsync(async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        Assert.Equal(RegistrarOutcome.Unavailable, reply.Outcome);
    }

    [Fact]
    public async Task Answer_LongerThanAnyPage_IsUnavailable()
    {
        RegistrarReply<ParticipantKeys> reply = await AskAsync(async context =>
        {
            byte[] piece = new byte[1 << 20];
            for (int pieces = 0; pieces < 10; pieces++)
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        });
        Assert.Equal(RegistrarOutcome.Unavailable, reply.Outcome);
    }

    [Fact]
    public async Task Registrar_ThatIsAway_IsUnavailable()
    {
        using RegistrarClient client = new(new Uri("https://[::1]:1"), _authority.Certificate, () => null, TimeProvider.System);
        RegistrarReply<FeedPage> reply = await client.GetFeedAsync(0, 0, CancellationToken.None);
        Assert.Equal(RegistrarOutcome.Unavailable, reply.Outcome);
        Assert.Contains("https://[::1]:1", reply.Message, StringComparison.Ordinal);
    }
}
