using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Collector.Tests;

/// <summary>Who may talk to the ingest listener, and what it says to nonsense.</summary>
public sealed class IngestTests
{
    [Fact]
    public async Task Client_WithAnotherKeyFile_IsToldThatTheKeyFilesDiffer()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        using LabIdentity stranger = LabIdentity.ForAgent(new byte[32]);
        using CollectorClient client = new(laboratory.Ingest, stranger);

        CollectorReply reply = await client.PutAgentAsync(laboratory.Client.Description, CancellationToken.None);

        Assert.Equal(CollectorOutcome.NotTheCollector, reply.Outcome);
        Assert.Contains("same key file", reply.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string> WrongCertificates => ["none", "another key", "the collector's own"];

    [Theory]
    [MemberData(nameof(WrongCertificates))]
    public async Task Listener_ClientWithoutTheAgentsKey_AnswersNothing(string kind)
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        using LabIdentity identity = kind == "another key"
            ? LabIdentity.ForAgent(new byte[32])
            : LabIdentity.ForCollector(laboratory.Key.Secret);
        using LabIdentity agent = LabIdentity.ForAgent(laboratory.Key.Secret);
        using TcpClient tcp = new(AddressFamily.InterNetworkV6);
        await tcp.ConnectAsync(IPAddress.IPv6Loopback, laboratory.Ingest.Port);
        await using SslStream tls = new(tcp.GetStream());

        // With TLS 1.3 the client is done before the server has looked at its certificate: the end comes on reading.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "collector",
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                ClientCertificates = kind == "none" ? [] : [identity.Certificate],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => agent.IsPeer(certificate),
            });
            await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
            await tls.ReadExactlyAsync(new byte[1]);
        });
    }

    [Fact]
    public async Task Listener_Tls12_IsRefused()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        using LabIdentity identity = LabIdentity.ForAgent(laboratory.Key.Secret);
        using TcpClient tcp = new(AddressFamily.InterNetworkV6);
        await tcp.ConnectAsync(IPAddress.IPv6Loopback, laboratory.Ingest.Port);
        await using SslStream tls = new(tcp.GetStream());

        await Assert.ThrowsAsync<AuthenticationException>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "collector",
            EnabledSslProtocols = SslProtocols.Tls12,
            ClientCertificates = [identity.Certificate],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => identity.IsPeer(certificate),
        }));
    }

    [Fact]
    public async Task Client_NobodyListens_IsUnreachableAndDoesNotThrow()
    {
        using LabIdentity identity = LabIdentity.ForAgent(new byte[32]);
        using TcpListener unused = new(IPAddress.IPv6Loopback, 0);
        unused.Start();
        int port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();
        using CollectorClient client = new(new Uri($"https://[::1]:{port}"), identity);

        (CollectorReply reply, AnnouncementPage? page) = await client.GetAnnouncementsAsync(0, 0, CancellationToken.None);

        Assert.Equal(CollectorOutcome.Unreachable, reply.Outcome);
        Assert.Null(page);
    }

    [Fact]
    public async Task Observations_OfAnUnknownIncarnation_AskForItsDescription()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        byte[] batch = new byte[ObservationBatch.SizeOf(0)];
        ObservationBatch.Write(batch, IncarnationId.NewRandom(), 0, []);

        CollectorReply reply = await laboratory.Client.Client.PostObservationsAsync(batch, CancellationToken.None);

        Assert.Equal(CollectorOutcome.UnknownAgent, reply.Outcome);
    }

    [Fact]
    public async Task Observations_Malformed_AreRefusedWithAReasonAndCounted()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();

        CollectorReply reply = await laboratory.Client.Client.PostObservationsAsync(new byte[40], CancellationToken.None);

        Assert.Equal(CollectorOutcome.Refused, reply.Outcome);
        Assert.StartsWith("400: not an observation batch", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await laboratory.TotalsAsync()).RefusedRequests);
    }

    [Fact]
    public async Task Observations_LargerThanABatch_AreRefused()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();

        CollectorReply reply = await laboratory.Client.Client.PostObservationsAsync(
            new byte[ObservationBatch.MaxSize + 1], CancellationToken.None);

        Assert.Equal(CollectorOutcome.Refused, reply.Outcome);
        Assert.StartsWith("413", reply.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> WrongBodies => new()
    {
        { "agents/00000000000000000000000000000001", "{", "not the expected JSON" },
        { "agents/00000000000000000000000000000001", "null", "null" },
        { "agents/00000000000000000000000000000001", "{\"name\":\"a\"}", "not the expected JSON" },
        { "counters", "[]", "not the expected JSON" },
        { "counters", "{\"rules\":null}", "not the expected JSON" },
    };

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task Json_Malformed_IsRefusedWithAReason(string path, string body, string reason)
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        using LabIdentity identity = LabIdentity.ForAgent(laboratory.Key.Secret);
        using HttpClient http = RawClient(laboratory, identity);
        using HttpRequestMessage request = new(
            path.StartsWith("agents", StringComparison.Ordinal) ? HttpMethod.Put : HttpMethod.Post, "/v1/" + path)
        {
            Version = HttpVersion.Version20,
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };

        using HttpResponseMessage response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, (await laboratory.TotalsAsync()).RefusedRequests);
    }

    [Fact]
    public async Task Agent_UnderThePathOfAnother_IsRefused()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        using LabIdentity identity = LabIdentity.ForAgent(laboratory.Key.Secret);
        using HttpClient http = RawClient(laboratory, identity);

        using HttpResponseMessage response = await http.PutAsync(
            ExportRoutes.Agents + IncarnationId.NewRandom(),
            System.Net.Http.Json.JsonContent.Create(laboratory.Client.Description, ExportJson.Default.AgentDescription));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("?after=0")]
    [InlineData("?after=-1&waitSeconds=0")]
    [InlineData("?after=0&waitSeconds=61")]
    [InlineData("?after=x&waitSeconds=0")]
    public async Task Announcements_WrongQuery_IsRefused(string query)
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        using LabIdentity identity = LabIdentity.ForAgent(laboratory.Key.Secret);
        using HttpClient http = RawClient(laboratory, identity);

        using HttpResponseMessage response = await http.GetAsync(ExportRoutes.Announcements + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Announcements_NewAgent_WakesWhoWaits()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        Laboratory.AssertTaken(await laboratory.Client.PutAsync());
        (_, AnnouncementPage? first) = await laboratory.Client.Client.GetAnnouncementsAsync(0, 0, CancellationToken.None);
        Assert.Equal(laboratory.Client.Announcement.ContextId, Assert.Single(first!.Announcements).ContextId);

        Task<(CollectorReply Reply, AnnouncementPage? Page)> waiting =
            laboratory.Client.Client.GetAnnouncementsAsync(first.Version, 60, CancellationToken.None);
        Laboratory.AssertTaken(await laboratory.Server.PutAsync());
        (CollectorReply reply, AnnouncementPage? second) = await waiting.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(reply.IsAccepted, reply.Reason);
        Assert.True(second!.Version > first.Version);
        Assert.Equal(2, second.Announcements.Count);
    }

    [Fact]
    public async Task Announcements_NothingNew_ComeAsTheyAreWhenTheTimeIsUp()
    {
        await using Laboratory laboratory = await Laboratory.StartAsync();
        (_, AnnouncementPage? first) = await laboratory.Client.Client.GetAnnouncementsAsync(0, 0, CancellationToken.None);

        (CollectorReply reply, AnnouncementPage? second) =
            await laboratory.Client.Client.GetAnnouncementsAsync(first!.Version, 1, CancellationToken.None);

        Assert.True(reply.IsAccepted, reply.Reason);
        Assert.Equal(first.Version, second!.Version);
    }

    private static HttpClient RawClient(Laboratory laboratory, LabIdentity identity) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = [identity.Certificate],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => identity.IsPeer(certificate),
        },
    })
    {
        BaseAddress = laboratory.Ingest,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
