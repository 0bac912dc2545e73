using System.Net;
using Pdm6.Wire;

namespace Pdm6.Lab.Tests;

[Collection("laboratory")]
public sealed class TrafficTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-lab-").FullName;
    private Laboratory _laboratory = null!;

    public Task InitializeAsync()
    {
        _laboratory = Laboratory.Create();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _laboratory.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task AllTraffic_OverDelayingDuplicatingReorderingPath_HasNoErrors()
    {
        Impairments impairments = new()
        {
            DelayMilliseconds = 5,
            JitterMilliseconds = 1,
            Duplication = new() { Every = 20 },
            Reordering = new() { Every = 30 },
        };
        await using RunningRelay relay = Start(impairments);
        await using NameServer names = await NameServer.StartAsync(_laboratory, _laboratory.Server, LaboratoryAddresses.Server);
        await using ThinkingServer server = StartServer();
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(3));

        TrafficReport[] reports = await Task.WhenAll(AllTraffic().Select(t => t.RunAsync(stop.Token)));

        Assert.All(reports, report =>
        {
            Assert.True(report.Requests > 0, $"{report.Name} asked nothing");
            Assert.True(report.ApplicationErrors(pathLosesPackets: false) == 0, report.ToString() + string.Join("; ", report.Remarks));
        });
    }

    [Fact]
    public async Task AllTraffic_NobodyAnswers_EveryRequestIsAnError()
    {
        await using RunningRelay relay = Start(new());
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(1));
        ITraffic[] answeredByPrograms = [.. AllTraffic().Where(t => t.Name is not ("ping" or "dig"))];

        TrafficReport[] reports = await Task.WhenAll(answeredByPrograms.Select(t => t.RunAsync(stop.Token)));

        Assert.All(reports, report => Assert.Equal(report.Requests, report.ApplicationErrors(pathLosesPackets: false)));
    }

    [Fact]
    public async Task Pings_EveryThirdLost_AreUnansweredAndAnErrorOnlyOnAPathThatLosesNothing()
    {
        await using RunningRelay relay = Start(new() { Loss = new() { Every = 3 } });
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));

        TrafficReport report = await new Pings(_laboratory.Client, LaboratoryAddresses.Server).RunAsync(stop.Token);

        Assert.Equal((10, 3), (report.Requests, report.Unanswered));
        Assert.Equal(0, report.ApplicationErrors(pathLosesPackets: true));
        Assert.Equal(3, report.ApplicationErrors(pathLosesPackets: false));
    }

    [Fact]
    public async Task DnsLookups_QueryLost_IsAskedAgainAndIsNoError()
    {
        await using RunningRelay relay = Start(new() { Loss = new() { Ordinals = [2] } });
        await using NameServer names = await NameServer.StartAsync(_laboratory, _laboratory.Server, LaboratoryAddresses.Server);
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(1));

        TrafficReport report = await new DnsLookups(_laboratory, _laboratory.Client, LaboratoryAddresses.Server, 10).RunAsync(stop.Token);

        Assert.True(report.Requests >= 5);
        Assert.Equal(0, report.Errors);
        Assert.Equal(1, relay.Counters().ToServer.Lost);
    }

    [Fact]
    public async Task DnsLookups_NamesRefused_AreErrors()
    {
        await using RunningRelay relay = Start(new());
        _laboratory.Start("other names", _laboratory.Server, CommandLine.Of(
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file=",
            "--user=root", "--bind-interfaces", $"--listen-address={LaboratoryAddresses.Server}"));
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(1));

        TrafficReport report = await new DnsLookups(_laboratory, _laboratory.Client, LaboratoryAddresses.Server, 10).RunAsync(stop.Token);

        Assert.Equal(report.Requests, report.Errors);
        Assert.NotEmpty(report.Remarks);
    }

    [Fact]
    public async Task HttpRequests_OtherBody_AreErrors()
    {
        await using RunningRelay relay = Start(new());
        await using ThinkingServer server = StartServer();
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));

        TrafficReport report = await new HttpRequests(
            "http", _laboratory.Client, LaboratoryAddresses.Server, ThinkingServer.SmallPort, "/small", "not this", 5).RunAsync(stop.Token);

        Assert.Equal((5, 5), (report.Requests, report.Errors));
    }

    [Fact]
    public async Task PacketCapture_OfPings_HoldsEachPacketOnceAsItCameIn()
    {
        string path = Path.Combine(_directory, "router.pcapng");
        await using RunningRelay relay = Start(new());
        await using PacketCapture capture = await PacketCapture.StartAsync(
            _laboratory, [_laboratory.ClientLink.Second, _laboratory.ServerLink.Second], inboundOnly: true, path);
        _laboratory.Client.Run("ping", "-c", "20", "-i", "0.02", "-W", "2", LaboratoryAddresses.Server.ToString());

        Assert.Equal(0, await capture.StopAsync());

        string[] hops = CommandLine.Of("tshark", "-r", path, "-Y", "icmpv6.type==128 || icmpv6.type==129", "-T", "fields", "-e", "ipv6.hlim")
            .Run().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(40, hops.Length);
        Assert.All(hops, hop => Assert.Equal("64", hop)); // as it left its sender, before the relay
    }

    [Fact]
    public async Task LoopbackForwarder_RequestOnTheHost_IsAnsweredInTheNamespace()
    {
        await using ThinkingServer server = _laboratory.Collector.Within(
            () => ThinkingServer.StartAsync(IPAddress.IPv6Loopback, [8650]).GetAwaiter().GetResult());
        IPEndPoint inside = new(IPAddress.IPv6Loopback, 8650);
        await using LoopbackForwarder first = LoopbackForwarder.Start(_laboratory.Collector, inside, 0);
        // The port is taken now, so another one is found.
        await using LoopbackForwarder second = LoopbackForwarder.Start(_laboratory.Collector, inside, first.Endpoint.Port);
        using HttpClient client = new();

        Assert.NotEqual(first.Endpoint.Port, second.Endpoint.Port);
        foreach (LoopbackForwarder forwarder in (LoopbackForwarder[])[first, second])
            Assert.Equal(ThinkingServer.SmallBody, await client.GetStringAsync(new Uri($"http://{forwarder.Endpoint}/small")));
    }

    private IEnumerable<ITraffic> AllTraffic()
    {
        NetworkNamespace client = _laboratory.Client;
        Ipv6Address server = LaboratoryAddresses.Server;
        return
        [
            new Pings(client, server),
            new DnsLookups(_laboratory, client, server, 10),
            new DnsLoad(_laboratory, client, server, 40, _directory),
            new HttpRequests("http", client, server, ThinkingServer.SmallPort, "/small", ThinkingServer.SmallBody, 8),
            new HttpRequests("slow", client, server, ThinkingServer.SlowPort, "/slow", ThinkingServer.SlowBody, 5),
            new HttpDownloads(client, server, 1_000_000, TimeSpan.FromMilliseconds(200), _directory),
        ];
    }

    private RunningRelay Start(Impairments both) => RunningRelay.Start(_laboratory.Router, _laboratory.Relay(both, both with { Loss = Selection.None }));

    private ThinkingServer StartServer() => _laboratory.Server.Within(() => ThinkingServer.StartAsync(
        IPAddress.Parse(LaboratoryAddresses.Server.ToString()),
        [ThinkingServer.SmallPort, ThinkingServer.SlowPort, ThinkingServer.DownloadPort]).GetAwaiter().GetResult());
}
