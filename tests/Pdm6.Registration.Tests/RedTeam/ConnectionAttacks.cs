using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>Somebody wants the registrar to choke: by length, by depth, by slowness, by number.</summary>
public sealed class ConnectionAttacks
{
    [Theory]
    [InlineData(RegistrarRoutes.Enrollments, RegistrarLimits.LargestRequest)]
    [InlineData(RegistrarRoutes.Announcements, RegistrarLimits.LargestAnnouncement)]
    [InlineData(RegistrarRoutes.Grants, RegistrarLimits.LargestGrants)]
    [InlineData(RegistrarRoutes.Certificates, RegistrarLimits.LargestRequest)]
    public async Task Body_ThatNeverEnds_IsCutOffAtItsLimit(string path, int limit)
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant attacker = await registrar.JoinAsync("attacker");
        using EndlessContent endless = new();

        HttpStatusCode? status = null;
        try
        {
            using HttpResponseMessage response = await attacker.Http.PostAsync(path, endless);
            status = response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The registrar may hang up while the attacker still talks: then there is no answer to read.
        }

        Assert.True(status is null or HttpStatusCode.RequestEntityTooLarge, $"{status}");
        // What it takes before it says no is bounded by the limit and the buffers of two sockets.
        Assert.InRange(endless.Sent, limit, limit + (16 << 20));
        await attacker.FeedAsync(0);
    }

    [Fact]
    public async Task Body_SaidToBeHuge_IsRefusedBeforeItComes()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        await using SslStream attacker = await ConnectAsync(registrar);

        await SendAsync(attacker, $"POST {RegistrarRoutes.Enrollments} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n{{");

        Assert.StartsWith("HTTP/1.1 413 ", await ReadLineAsync(attacker), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"token\":\"a\",\"token\":\"b\",\"name\":\"x\",\"role\":\"endpoint\",\"request\":\"\"}")]
    [InlineData("{\"token\":null,\"name\":\"x\",\"role\":\"endpoint\",\"request\":\"\"}")]
    [InlineData("{\"name\":\"x\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}")]
    [InlineData("{\"token\":\"\\ud800\",\"name\":\"x\",\"role\":\"endpoint\",\"request\":\"\"}")]
    [InlineData("{\"token\":\"t\",\"name\":\"x\",\"role\":\"endpoint\",\"request\":\"not base64!\"}")]
    [InlineData("{\"token\":1e999,\"name\":\"x\",\"role\":\"endpoint\",\"request\":\"\"}")]
    public async Task Json_ThatIsNotWhatThePathTakes_IsMalformed(string body)
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using HttpClient attacker = TestParticipant.CreateClient(registrar.Url, null);
        using StringContent content = new(body);

        await TestParticipant.RefusedAsync(await attacker.PostAsync(RegistrarRoutes.Enrollments, content), 400, ErrorCodes.Malformed);
    }

    [Fact]
    public async Task SlowClients_OfEveryKind_AreLetGoWhileOthersAreServed()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TcpClient silent = new(AddressFamily.InterNetworkV6), half = new(AddressFamily.InterNetworkV6);
        await silent.ConnectAsync(registrar.Host.Address);
        await half.ConnectAsync(registrar.Host.Address);
        await half.GetStream().WriteAsync(new byte[] { 22, 3, 1 }); // the first octets of a ClientHello
        await using SslStream headers = await ConnectAsync(registrar), dripping = await ConnectAsync(registrar);
        await SendAsync(headers, $"GET {RegistrarRoutes.Authority} HTTP/1.1\r\nHost: x\r\nX-");

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(150));
        Task<bool> drip = DripAsync(dripping, limit.Token);
        bool[] ended = await Task.WhenAll(
            EndsAsync(silent.GetStream(), limit.Token), EndsAsync(half.GetStream(), limit.Token), EndsAsync(headers, limit.Token), drip);

        Assert.Equal([true, true, true, true], ended);
        await host.FeedAsync(0);
    }

    [Fact]
    public async Task Headers_WithoutEnd_AreCutOff()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        await using SslStream attacker = await ConnectAsync(registrar);

        await SendAsync(attacker, $"GET {RegistrarRoutes.Authority} HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 20 << 10)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", await ReadLineAsync(attacker), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flood_OfAParticipant_IsLimitedAndLeavesOthersAlone()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync(options => options with
        {
            Rates = options.Rates with { ParticipantsAtOnce = 20, ParticipantsPerSecond = 0.01 },
        });
        using TestParticipant host = await registrar.JoinAsync("host-a"), attacker = await registrar.JoinAsync("attacker");
        SignedEnvelope envelope = attacker.Announce(attacker.Announcement("2001:db8:1::66"));

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => attacker.SendAnnouncementAsync(envelope)));

        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), 1, 20);
        foreach (HttpResponseMessage refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
        {
            Assert.NotNull(refused.Headers.RetryAfter);
            await TestParticipant.RefusedAsync(refused, 429, ErrorCodes.RateLimited);
        }
        await host.AnnounceAsync("2001:db8:1::1");
    }

    private static async Task<SslStream> ConnectAsync(TestRegistrar registrar)
    {
        TcpClient client = new(AddressFamily.InterNetworkV6);
        await client.ConnectAsync(registrar.Host.Address);
        SslStream stream = new(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return stream;
    }

    private static ValueTask SendAsync(SslStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReadLineAsync(SslStream stream)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        return await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? "";
    }

    /// <summary>True once the other side has hung up.</summary>
    private static async Task<bool> EndsAsync(Stream stream, CancellationToken limit)
    {
        byte[] room = new byte[1024];
        try
        {
            while (await stream.ReadAsync(room, limit) > 0)
            {
                // an answer on the way to the end
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
        return !limit.IsCancellationRequested;
    }

    /// <summary>Sends a header octet by octet, always just in time.</summary>
    private static async Task<bool> DripAsync(SslStream stream, CancellationToken limit)
    {
        Task<bool> end = EndsAsync(stream, limit);
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            await SendAsync(stream, $"GET {RegistrarRoutes.Authority} HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(500));
            while (!end.IsCompleted && await timer.WaitForNextTickAsync(limit))
                await SendAsync(stream, "x");
        }
        catch (IOException)
        {
            // It hung up while this was talking.
        }
        return await end && watch.Elapsed < TimeSpan.FromSeconds(150);
    }

    /// <summary>Blanks without end, as JSON allows before a value.</summary>
    private sealed class EndlessContent : HttpContent
    {
        private static readonly byte[] _blanks = Encoding.ASCII.GetBytes(new string(' ', 16 << 10));

        public long Sent { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            while (Sent < 1L << 30)
            {
                await stream.WriteAsync(_blanks, cancellationToken);
                Sent += _blanks.Length;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
