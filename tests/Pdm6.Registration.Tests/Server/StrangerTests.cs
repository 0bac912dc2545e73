using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>Those who have no business here, and those who have but do it wrong.</summary>
public sealed class StrangerTests
{
    [Theory]
    [InlineData("GET", RegistrarRoutes.Analyzers)]
    [InlineData("GET", RegistrarRoutes.Owners + "2001:db8::1")]
    [InlineData("GET", RegistrarRoutes.Feed + "?after=0&waitSeconds=0")]
    [InlineData("GET", RegistrarRoutes.MyAnnouncements + "?from=0&to=1&after=0")]
    [InlineData("POST", RegistrarRoutes.Announcements)]
    [InlineData("POST", RegistrarRoutes.Grants)]
    [InlineData("POST", RegistrarRoutes.Certificates)]
    [InlineData("PUT", RegistrarRoutes.Keys)]
    public async Task Stranger_WithoutCertificate_IsToldToEnroll(string method, string path)
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using HttpClient stranger = TestParticipant.CreateClient(registrar.Url, null);

        await TestParticipant.RefusedAsync(
            await stranger.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)), 401, ErrorCodes.CertificateRequired);
    }

    [Fact]
    public async Task Stranger_WithCertificateOfAnotherAuthority_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync(), other = await TestRegistrar.StartAsync();
        using TestParticipant stranger = await other.JoinAsync("host-a");
        stranger.Registrar = registrar.Url;
        stranger.Use(stranger.Certificate!.Der.ToArray());

        await TestParticipant.RefusedAsync(
            await stranger.Http.GetAsync(new Uri(RegistrarRoutes.Analyzers, UriKind.Relative)), 401, ErrorCodes.CertificateRefused);
    }

    [Fact]
    public async Task Participant_WhoseCertificateHasEnded_IsRefused()
    {
        ShiftedClock clock = new();
        await using TestRegistrar registrar = await TestRegistrar.StartAsync(options => options with { Time = clock });
        using TestParticipant host = await registrar.JoinAsync("host-a");
        clock.Ahead = TimeSpan.FromDays(40);

        await TestParticipant.RefusedAsync(
            await host.Http.GetAsync(new Uri(RegistrarRoutes.Analyzers, UriKind.Relative)), 401, ErrorCodes.CertificateRefused);
    }

    [Fact]
    public async Task Analyzer_ThatAnnounces_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);

        await TestParticipant.RefusedAsync(
            await analyzer.Http.PostAsync(RegistrarRoutes.Announcements, new StringContent("{}")), 403, ErrorCodes.WrongRole);
    }

    [Fact]
    public async Task Body_ThatIsTooLongOrNoJson_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using HttpClient stranger = TestParticipant.CreateClient(registrar.Url, null);
        using StringContent longBody = new("{\"token\":\"" + new string('x', RegistrarLimits.LargestRequest) + "\"}");
        using StringContent nonsense = new("{\"token\":");

        await TestParticipant.RefusedAsync(await stranger.PostAsync(RegistrarRoutes.Enrollments, longBody), 413, ErrorCodes.TooLarge);
        await TestParticipant.RefusedAsync(await stranger.PostAsync(RegistrarRoutes.Enrollments, nonsense), 400, ErrorCodes.Malformed);
    }

    [Fact]
    public async Task PathOrMethod_ThatThereIsNot_IsRefusedInTheSameForm()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using HttpClient stranger = TestParticipant.CreateClient(registrar.Url, null);

        await TestParticipant.RefusedAsync(await stranger.GetAsync(new Uri("/v2/authority", UriKind.Relative)), 404, ErrorCodes.NotFound);
        await TestParticipant.RefusedAsync(
            await stranger.PostAsync(RegistrarRoutes.Authority, new StringContent("{}")), 405, ErrorCodes.MethodNotAllowed);
    }

    [Fact]
    public async Task Stranger_WhoAsksTooMuch_IsToldWhenToComeBack()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync(options => options with
        {
            Rates = new RegistrarRates { StrangersAtOnce = 2, StrangersPerSecond = 0.01 },
        });
        using HttpClient stranger = TestParticipant.CreateClient(registrar.Url, null);
        Uri authority = new(RegistrarRoutes.Authority, UriKind.Relative);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(authority)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(authority)).StatusCode);

        using HttpResponseMessage third = await stranger.GetAsync(authority);

        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 100);
        await TestParticipant.RefusedAsync(third, 429, ErrorCodes.RateLimited);
    }

    [Fact]
    public async Task Participant_WhoAsksTooMuch_DoesNotDisturbOthers()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync(options => options with
        {
            Rates = options.Rates with { ParticipantsAtOnce = 2, ParticipantsPerSecond = 0.01 },
        });
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        await a.FeedAsync(0);

        await TestParticipant.RefusedAsync(
            await a.Http.GetAsync(new Uri(RegistrarRoutes.Analyzers, UriKind.Relative)), 429, ErrorCodes.RateLimited);
        await b.FeedAsync(0);
    }

    [Fact]
    public async Task Client_OfTls12_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TcpClient client = new(AddressFamily.InterNetworkV6);
        await client.ConnectAsync(registrar.Host.Address);
        await using SslStream tls = new(client.GetStream());

        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls12,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }));
    }

    [Fact]
    public async Task Client_ThatSendsItsBodyTooSlowly_IsLetGo()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TcpClient client = new(AddressFamily.InterNetworkV6);
        await client.ConnectAsync(registrar.Host.Address);
        await using SslStream tls = new(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {RegistrarRoutes.Enrollments} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{"));

        using StreamReader answer = new(tls);
        string text = await answer.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.StartsWith("HTTP/1.1 408 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthy_AskedByAnybody_SaysSo()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using HttpClient stranger = TestParticipant.CreateClient(registrar.Url, null);

        Assert.Equal("healthy\n", await stranger.GetStringAsync(new Uri("/-/healthy", UriKind.Relative)));
        Assert.Contains("pdm6_registrar_requests_total 2", await stranger.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }
}
