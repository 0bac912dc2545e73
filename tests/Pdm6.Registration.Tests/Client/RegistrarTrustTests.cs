using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Client;

/// <summary>Whom a client believes to be the registrar; nothing is sent to anybody else.</summary>
public sealed class RegistrarTrustTests : IDisposable
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    private readonly CertificateAuthority _authority = CertificateAuthority.Create("authority", s_now.AddDays(-1));
    private readonly IdentityKey _key = IdentityKey.Generate();
    private readonly ShiftedTime _time = new();

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private ParticipantRequest Request =>
        ParticipantRequest.TryParse(_key.CreateRequest("x"), out ParticipantRequest? request, out string? error)
            ? request : throw new InvalidOperationException(error);

    private byte[] ServerCertificate(string[] names, IPAddress[] addresses, CertificateAuthority? by = null) => (by ?? _authority)
        .IssueServer(Request, "registrar", names, addresses, s_now.AddHours(-1), s_now.AddDays(1));

    private async Task<(RegistrarReply<AuthorityAnswer> Reply, int Requests)> AskAsync(byte[] certificate, string? host = null)
    {
        using X509Certificate2 tls = _key.ForTls(certificate);
        await using TlsServer server = await TlsServer.StartAsync(
            tls, context => context.Response.WriteAsJsonAsync(new AuthorityAnswer([1])));
        Uri address = host is null ? server.Address : new UriBuilder(server.Address) { Host = host }.Uri;
        using RegistrarClient client = new(address, _authority.Certificate, () => null, _time);
        RegistrarReply<IReadOnlyList<ParticipantKeys>> reply = await client.GetAnalyzersAsync(CancellationToken.None);
        return (new RegistrarReply<AuthorityAnswer>(reply.Outcome, null, reply.Code, reply.Message), server.Requests);
    }

    private async Task AssertStrangerAsync(string because, byte[] certificate, string? host = null)
    {
        (RegistrarReply<AuthorityAnswer> reply, int requests) = await AskAsync(certificate, host);
        Assert.Equal((RegistrarOutcome.NotTheRegistrar, 0), (reply.Outcome, requests));
        Assert.Contains(because, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_OfTheAuthorityWithTheAddress_IsBelieved()
    {
        (_, int requests) = await AskAsync(ServerCertificate([], [IPAddress.IPv6Loopback]));
        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task Server_OfTheAuthorityWithTheName_IsBelieved()
    {
        (_, int requests) = await AskAsync(ServerCertificate(["localhost"], []), "localhost");
        Assert.Equal(1, requests);
    }

    [Fact]
    public Task Server_OfTheAuthorityForAnotherAddress_IsNot() =>
        AssertStrangerAsync("does not name ::1", ServerCertificate(["localhost"], [IPAddress.Parse("::2")]));

    [Fact]
    public async Task Server_OfAnotherAuthorityOfTheSameName_IsNot()
    {
        using CertificateAuthority other = CertificateAuthority.Create("authority", s_now.AddDays(-1));
        await AssertStrangerAsync("not of the registrar's authority", ServerCertificate([], [IPAddress.IPv6Loopback], other));
    }

    [Fact]
    public Task Analyzer_WhoChoseTheRegistrarsHostForAName_IsNot() => AssertStrangerAsync(
        "does not name localhost",
        _authority.Issue(Request, Role.Analyzer, "localhost", [], s_now.AddHours(-1), s_now.AddDays(1)), "localhost");

    [Fact]
    public void Endpoint_AsAServer_IsNot()
    {
        using X509Certificate2 endpoint = X509CertificateLoader.LoadCertificate(
            _authority.Issue(Request, Role.Endpoint, "localhost", [], s_now.AddHours(-1), s_now.AddDays(1)));
        RegistrarTrust trust = new(_authority.Certificate, "localhost", _time);
        NotTheRegistrarException stranger = Assert.Throws<NotTheRegistrarException>(
            () => trust.Require(this, endpoint, null, SslPolicyErrors.None));
        Assert.Contains("not of the registrar's authority", stranger.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(48)]
    public Task Server_WhoseCertificateIsNotOfThisTime_IsNotAndTheClockIsNamed(int hours)
    {
        _time.Advance(TimeSpan.FromHours(hours));
        return AssertStrangerAsync("this host's clock", ServerCertificate([], [IPAddress.IPv6Loopback]));
    }
}
