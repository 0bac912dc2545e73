using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pdm6.Collector.Api;
using Pdm6.Lab;
using Pdm6.Security.Announcements;

namespace Pdm6.EndToEnd.Tests;

/// <summary>A laboratory with a relay and a real collector, in which real agents can be started and stopped.</summary>
internal sealed class MeasuredLaboratory : IAsyncDisposable
{
    private const int IngestPort = 8651, WebPort = 8650;
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(500); // longer than TCP waits before it sends again

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-measured-");
    private RunningRelay _relay;
    private ILaboratoryKeys _keys = null!; // StartAsync
    private LoopbackForwarder? _web;
    private HttpClient? _http;
    private int _agentsStarted;

    private MeasuredLaboratory()
    {
        Hosts = Laboratory.Create();
        _relay = RunningRelay.Start(Hosts.Router, Hosts.Relay(new Impairments(), new Impairments()));
    }

    internal Laboratory Hosts { get; }

    /// <summary>The client's agent, while agents run.</summary>
    internal RunningAgent Client { get; private set; } = null!;

    /// <summary>The server's agent, while agents run.</summary>
    internal RunningAgent Server { get; private set; } = null!;

    /// <summary>Builds it; agents are not started yet.</summary>
    /// <param name="makeKeys">How keys get from host to host; null for a key file that all share.</param>
    internal static async Task<MeasuredLaboratory> StartAsync(Func<MeasuredLaboratory, Task<ILaboratoryKeys>>? makeKeys = null)
    {
        MeasuredLaboratory started = new();
        try
        {
            started._keys = makeKeys is null ? new SharedKeyFile(started.PathOf("lab.key")) : await makeKeys(started);
            await started.StartCollectorAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>A file that goes with the laboratory.</summary>
    internal string PathOf(string file) => Path.Combine(_directory.FullName, file);

    /// <summary>Whether agents started from now on ask each other what arrives. Not where the relay's packets are counted.</summary>
    internal bool WatchesPaths { get; set; } = true;

    /// <summary>Starts both agents; returns when each can seal for the other and open what the other sealed.</summary>
    internal async Task StartAgentsAsync(IReadOnlyList<object> rules, int pathMtu = 1280, bool strip = false)
    {
        Client = StartClientAgent(rules, pathMtu, strip);
        Server = StartServerAgent(rules, pathMtu, strip);
        await Task.WhenAll(Client.WaitForKeysAsync(), Server.WaitForKeysAsync());
    }

    /// <summary>Starts the client's agent alone, for example after it was killed.</summary>
    internal RunningAgent StartClientAgent(IReadOnlyList<object> rules, int pathMtu = 1280, bool strip = false) =>
        Client = StartAgent("client", Hosts.Client, LaboratoryAddresses.CollectorForClient, rules, pathMtu, strip);

    /// <summary>Starts the server's agent alone.</summary>
    internal RunningAgent StartServerAgent(IReadOnlyList<object> rules, int pathMtu = 1280, bool strip = false) =>
        Server = StartAgent("server", Hosts.Server, LaboratoryAddresses.CollectorForServer, rules, pathMtu, strip);

    /// <summary>Stops both agents: they deliver what they have first.</summary>
    internal async Task StopAgentsAsync()
    {
        await Client.StopAsync();
        await Server.StopAsync();
    }

    /// <summary>Puts another relay in the place of the present one; ordinals begin at 1 again.</summary>
    internal async Task ImpairAsync(Impairments toServer, Impairments toClient, string? decisionLog = null)
    {
        await _relay.StopAsync();
        await _relay.DisposeAsync();
        _relay = RunningRelay.Start(Hosts.Router, Hosts.Relay(toServer, toClient) with { DecisionLog = decisionLog });
    }

    /// <summary>From now on the relay drops packets because of what is on them, or no longer. No packet is lost in
    /// between.</summary>
    internal void Drop(UnwantedPackets toServer, UnwantedPackets toClient) => _relay.Drop(toServer, toClient);

    /// <summary>What the relay did so far.</summary>
    internal RelayCounters RelayCounters() => _relay.Counters();

    /// <summary>Waits until the relay has taken in <paramref name="toServer"/> and <paramref name="toClient"/> packets, and
    /// holds none.</summary>
    internal Task WaitForPacketsAsync(long toServer, long toClient) => Poll.UntilAsync(
        () => _relay.Counters() is { Held: 0 } now && now.ToServer.Received >= toServer && now.ToClient.Received >= toClient,
        () => $"the relay saw only {_relay.Counters()}");

    /// <summary>Waits until the relay holds nothing and nothing new has come for a while.</summary>
    internal async Task QuietAsync()
    {
        RelayCounters before = _relay.Counters();
        DateTime since = DateTime.UtcNow;
        await Poll.UntilAsync(
            () =>
            {
                RelayCounters now = _relay.Counters();
                if (now != before || now.Held > 0)
                    (before, since) = (now, DateTime.UtcNow);
                return DateTime.UtcNow - since > s_quiet;
            },
            () => $"the relay does not come to rest: {_relay.Counters()}");
    }

    /// <summary>Ends the relay, so that its decision log is whole, and returns what it did.</summary>
    internal Task<RelayCounters> StopRelayAsync() => _relay.StopAsync();

    /// <summary>All groups, once everything delivered is counted. Agents should have been stopped.</summary>
    internal async Task<Dictionary<string, GroupView>> ReadGroupsAsync()
    {
        using HttpResponseMessage flushed = await _http!.PostAsync(new Uri("/v1/flush", UriKind.Relative), null);
        flushed.EnsureSuccessStatusCode();
        GroupView[]? groups = await _http.GetFromJsonAsync<GroupView[]>(new Uri("/v1/groups", UriKind.Relative));
        return groups!.ToDictionary(group => group.Name);
    }

    /// <summary>The names of the agents that have introduced themselves. An agent does so after it has attached.</summary>
    internal async Task<HashSet<string>> ReadAgentsAsync() =>
        [.. (await _http!.GetFromJsonAsync<AgentView[]>(new Uri("/v1/agents", UriKind.Relative)))!.Select(agent => agent.Name)];

    /// <summary>The whole run.</summary>
    internal async Task<TotalsView> ReadTotalsAsync() =>
        (await _http!.GetFromJsonAsync<TotalsView>(new Uri("/v1/totals", UriKind.Relative)))!;

    /// <summary>Writes the announcements that the collector keeps to a file, for programs that open what they cover. Waits
    /// until those of both agents are among them: it keeps them a little later than it hands them on.</summary>
    internal async Task<string> WriteAnnouncementsAsync(string file)
    {
        byte[] json = [];
        await Poll.UntilAsync(
            async () =>
            {
                json = await _http!.GetByteArrayAsync(new Uri("/v1/announcements/all", UriKind.Relative));
                using JsonDocument document = JsonDocument.Parse(json);
                return document.RootElement.EnumerateArray().Select(one => one.GetProperty("agentName").GetString()).Distinct().Count() == 2;
            },
            () => $"the collector keeps only {Encoding.UTF8.GetString(json)}");
        await File.WriteAllBytesAsync(PathOf(file), json);
        return PathOf(file);
    }

    /// <summary>The envelopes that the collector keeps.</summary>
    internal async Task<SignedEnvelope[]> ReadEnvelopesAsync() =>
        [.. (await _http!.GetFromJsonAsync<JsonElement[]>(new Uri("/v1/envelopes", UriKind.Relative)))!.Select(json =>
        {
            Assert.True(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(json.GetRawText()), out SignedEnvelope? envelope, out string? error), error);
            return envelope;
        })];

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_web is not null)
            await _web.DisposeAsync();
        await _relay.DisposeAsync();
        await Hosts.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task StartCollectorAsync()
    {
        string configuration = Write("collector.json", new Dictionary<string, object>(_keys.CollectorSettings)
        {
            ["ingest"] = $"[::]:{IngestPort}",
            ["web"] = $"[::1]:{WebPort}",
        });
        LabProcess collector = Hosts.Start("the collector", Hosts.Collector, Pdm6Program.Command("collector", "--config", configuration));
        await collector.WaitForLineAsync("agents report to", TimeSpan.FromSeconds(60));
        _web = LoopbackForwarder.Start(Hosts.Collector, new(System.Net.IPAddress.IPv6Loopback, WebPort), 0);
        _http = new HttpClient { BaseAddress = new Uri($"http://{_web.Endpoint}"), Timeout = TimeSpan.FromSeconds(60) };
    }

    private RunningAgent StartAgent(
        string name, NetworkNamespace host, Wire.Ipv6Address collector, IReadOnlyList<object> rules, int pathMtu, bool strip)
    {
        // A socket of its own for each start: nobody may take the agent before for this one.
        string start = $"{name}-{++_agentsStarted}";
        string socket = PathOf($"{start}.sock");
        string configuration = Write($"{start}.json", new Dictionary<string, object>(_keys.AgentSettings(name))
        {
            ["name"] = name,
            ["interfaces"] = (string[])[Laboratory.MeasuredInterface],
            ["collector"] = $"https://[{collector}]:{IngestPort}",
            ["rules"] = rules,
            ["pathMtu"] = pathMtu,
            ["strip"] = strip,
            ["statusSocket"] = socket,
            ["watchPaths"] = WatchesPaths,
        });
        return new RunningAgent(Hosts.Start($"the {name}'s agent", host, Pdm6Program.Command("agent", "--config", configuration)), socket);
    }

    private string Write(string file, object configuration)
    {
        File.WriteAllBytes(PathOf(file), JsonSerializer.SerializeToUtf8Bytes(configuration));
        return PathOf(file);
    }
}
