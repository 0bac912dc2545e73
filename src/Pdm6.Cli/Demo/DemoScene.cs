using System.Globalization;
using System.Net;
using Pdm6.Lab;
using Pdm6.Security.Identity;

namespace Pdm6.Cli.Demo;

/// <summary>
/// The laboratory of a run with everything in it that is not traffic: relay, services, captures, collector and agents.
/// Disposing it ends them all and removes the laboratory.
/// </summary>
internal sealed class DemoScene : IAsyncDisposable
{
    private const int WantedPagePort = 8650;
    private const string ClientName = "client", ServerName = "server";
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(100);
    private const int QuietPolls = 6; // longer than the first retransmission timeout of TCP on this path

    private readonly DemoFiles _files;
    private readonly List<LabProcess> _agents = [];
    private readonly List<LabProcess> _watched = [];
    private readonly List<PacketCapture> _captures = [];
    private RelayProcess? _relay;
    private LoopbackForwarder? _page;

    private DemoScene(Laboratory laboratory, DemoFiles files)
    {
        Laboratory = laboratory;
        _files = files;
        Collector = new CollectorReader(laboratory.Collector);
        Contexts = new ContextWatch(((string[])[ClientName, ServerName]).ToDictionary(host => host, files.StatusSocket));
    }

    internal Laboratory Laboratory { get; }

    internal CollectorReader Collector { get; }

    /// <summary>The agents' contexts.</summary>
    internal ContextWatch Contexts { get; }

    /// <summary>The collector's page as a browser on the host sees it.</summary>
    internal Uri Page => new($"http://{_page!.Endpoint}/");

    /// <summary>Builds everything, and returns when the first round trip was measured.</summary>
    internal static async Task<DemoScene> StartAsync(DemoOptions options, DemoFiles files, IDemoScreen screen, CancellationToken stop)
    {
        foreach (string removed in NetworkNamespace.SweepStale())
            screen.Say($"removed {removed}, left behind by a run that was killed");
        screen.Say("building a client, a router, a server and a collector out of network namespaces");
        DemoScene scene = new(Laboratory.Create(), files);
        try
        {
            screen.Say("starting the router's relay, a DNS server, an HTTP server, the captures and the collector");
            await Task.WhenAll(
                scene.StartRelayAsync(options, stop), scene.StartServicesAsync(stop), scene.StartCapturesAsync(stop),
                scene.StartCollectorAsync(stop)).ConfigureAwait(false);
            screen.Say("enrolling both hosts with the registrar in the collector; no key passes between them");
            Fingerprint analyzer = await scene.EnrollAsync(screen).ConfigureAwait(false);
            screen.Say("starting the agents and waiting for the first round trip");
            await scene.StartAgentsAsync(analyzer, stop).ConfigureAwait(false);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends, with an exception that says which, when a program that should be running ends.</summary>
    internal async Task WatchAsync(CancellationToken stop)
    {
        Dictionary<Task, LabProcess> ends = _watched.ToDictionary(Task (process) => process.WaitAsync(stop));
        LabProcess first = ends[await Task.WhenAny(ends.Keys).ConfigureAwait(false)];
        stop.ThrowIfCancellationRequested();
        throw first.Failure($"ended too early, with {first.ExitCode}");
    }

    /// <summary>Waits until the relay holds nothing and nothing new has come for a while.</summary>
    internal async Task WaitUntilQuietAsync(CancellationToken stop)
    {
        RelayCounters? before = null;
        DateTime giveUp = DateTime.UtcNow + s_stop;
        for (int quiet = 0; quiet < QuietPolls && DateTime.UtcNow < giveUp; quiet++)
        {
            RelayCounters now = await _relay!.CountersAsync(stop).ConfigureAwait(false);
            if (now != before || now.Held > 0)
                quiet = 0;
            before = now;
            await Task.Delay(s_pollInterval, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Stops the agents: they send their last observations and counters first.</summary>
    internal async Task StopAgentsAsync()
    {
        foreach (LabProcess agent in _agents)
        {
            int code = await agent.StopAsync(s_stop).ConfigureAwait(false);
            if (code != 0)
                throw agent.Failure($"ended with {code}");
        }
    }

    /// <summary>Stops the captures; returns how many packets they missed.</summary>
    internal async Task<long> StopCapturesAsync(CancellationToken stop)
    {
        long[] dropped = await Task.WhenAll(_captures.Select(capture => capture.StopAsync(stop))).ConfigureAwait(false);
        return dropped.Sum();
    }

    internal Task<RelayCounters> StopRelayAsync() => _relay!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Collector.Dispose();
        if (_page is not null)
            await _page.DisposeAsync().ConfigureAwait(false);
        await Laboratory.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StartRelayAsync(DemoOptions options, CancellationToken stop)
    {
        RelayConfiguration configuration = Laboratory.Relay(
            DemoServices.Path(seed: 1, options), DemoServices.Path(seed: 2, options));
        string path = _files.WriteRelayConfiguration(configuration);
        _relay = await RelayProcess.StartAsync(
            Laboratory, OwnProgram.Command("lab", "relay", "--config", path), stop).ConfigureAwait(false);
        Watch(_relay.Process);
    }

    private async Task StartServicesAsync(CancellationToken stop)
    {
        LabProcess http = Laboratory.Start("the HTTP server", Laboratory.Server, OwnProgram.Command(
            "lab", "http-server", "--address", LaboratoryAddresses.Server.ToString()));
        await NameServer.StartAsync(Laboratory, Laboratory.Server, LaboratoryAddresses.Server, stop).ConfigureAwait(false);
        await http.WaitForLineAsync(HttpServerCommand.ReadyText, s_start, stop).ConfigureAwait(false);
        Watch(http);
        // The first request of each kind compiles code; that is not what the demo is about.
        string own = $"http://[{LaboratoryAddresses.Server}]";
        await Laboratory.Server.Inside(CommandLine.Of(
            "curl", "--silent", "--output", "/dev/null", $"{own}:{ThinkingServer.SmallPort}/small",
            "--next", "--silent", "--output", "/dev/null", $"{own}:{ThinkingServer.SlowPort}/slow",
            "--next", "--silent", "--output", "/dev/null", $"{own}:{ThinkingServer.DownloadPort}/download/1000000")).RunAsync().ConfigureAwait(false);
    }

    private async Task StartCapturesAsync(CancellationToken stop)
    {
        _captures.AddRange(await Task.WhenAll(
            PacketCapture.StartAsync(
                Laboratory, [Laboratory.ClientLink.Second, Laboratory.ServerLink.Second], inboundOnly: true, _files.Capture("router"), stop),
            PacketCapture.StartAsync(Laboratory, [Laboratory.ClientLink.First], inboundOnly: false, _files.Capture("client"), stop),
            PacketCapture.StartAsync(Laboratory, [Laboratory.ServerLink.First], inboundOnly: false, _files.Capture("server"), stop))
            .ConfigureAwait(false));
    }

    private async Task StartCollectorAsync(CancellationToken stop)
    {
        Watch(Laboratory.Start(
            "the collector", Laboratory.Collector, OwnProgram.Command("collector", "--config", _files.WriteCollectorConfiguration())));
        await BeforeItEndsAsync(Collector.WaitUntilReadyAsync, "the collector did not answer", stop).ConfigureAwait(false);
        _page = LoopbackForwarder.Start(
            Laboratory.Collector, new IPEndPoint(IPAddress.IPv6Loopback, DemoFiles.WebPort), WantedPagePort);
    }

    private async Task<Fingerprint> EnrollAsync(IDemoScreen screen)
    {
        Fingerprint analyzer = DemoEnrollment.FindAnalyzer(_files, screen);
        await Task.WhenAll(
            DemoEnrollment.EnrollAsync(
                _files, ClientName, Laboratory.Client, LaboratoryAddresses.Client, LaboratoryAddresses.CollectorForClient, screen),
            DemoEnrollment.EnrollAsync(
                _files, ServerName, Laboratory.Server, LaboratoryAddresses.Server, LaboratoryAddresses.CollectorForServer, screen))
            .ConfigureAwait(false);
        return analyzer;
    }

    private async Task StartAgentsAsync(Fingerprint analyzer, CancellationToken stop)
    {
        StartAgent(ClientName, Laboratory.Client, LaboratoryAddresses.CollectorForClient, analyzer);
        StartAgent(ServerName, Laboratory.Server, LaboratoryAddresses.CollectorForServer, analyzer);
        await BeforeItEndsAsync(PingUntilMeasuredAsync, "agents and collector measured nothing", stop).ConfigureAwait(false);
        await Contexts.BeginAsync(stop).ConfigureAwait(false);
    }

    private void StartAgent(string name, NetworkNamespace host, Wire.Ipv6Address collector, Fingerprint analyzer)
    {
        LabProcess agent = Laboratory.Start(
            $"the {name}'s agent", host,
            OwnProgram.Command("agent", "--config", _files.WriteAgentConfiguration(name, collector, analyzer)));
        _agents.Add(agent);
        Watch(agent);
    }

    /// <summary>
    /// Sends nothing before both agents are attached, so that what a capture holds is what an agent saw. Then pings once, to
    /// make the agents look each other up, and no more before both can seal and authenticate; then until both directions are
    /// sealed, opened and paired.
    /// </summary>
    private async Task PingUntilMeasuredAsync(CancellationToken stop)
    {
        while (await Collector.CountAgentsAsync(stop).ConfigureAwait(false) < _agents.Count)
            await Task.Delay(s_pollInterval, stop).ConfigureAwait(false);
        do
            await Ping(1).RunAsync().ConfigureAwait(false);
        while (!await Contexts.HaveKeysAsync(stop).ConfigureAwait(false));
        do
        {
            await Ping(3).RunAsync().ConfigureAwait(false);
            await Task.Delay(s_pollInterval, stop).ConfigureAwait(false);
        }
        while ((await Collector.ReadAsync(stop).ConfigureAwait(false)).Groups.All(group => group.RoundTripNs.Samples == 0));
    }

    private CommandLine Ping(int count) => Laboratory.Client.Inside(CommandLine.Of(
        "ping", "-n", "-c", count.ToString(CultureInfo.InvariantCulture), "-i", "0.1", "-W", "1", LaboratoryAddresses.Server.ToString()));

    /// <summary>Does <paramref name="work"/> unless a watched program ends first or it takes too long.</summary>
    private async Task BeforeItEndsAsync(Func<CancellationToken, Task> work, string otherwise, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_start);
        Task working = work(limit.Token);
        Task watching = WatchAsync(limit.Token);
        Task first = await Task.WhenAny(working, watching).ConfigureAwait(false);
        await limit.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(working, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        if (first.IsCanceled)
            throw new LaboratoryException($"{otherwise} within {s_start.TotalSeconds:0} s.");
        await first.ConfigureAwait(false);
    }

    private void Watch(LabProcess process)
    {
        lock (_watched)
            _watched.Add(process);
    }
}
