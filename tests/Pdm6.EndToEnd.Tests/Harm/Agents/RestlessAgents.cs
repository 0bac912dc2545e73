using System.Text.Json;
using Pdm6.Export;
using Pdm6.Lab;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>A collector, and an agent on each host that does not stay what it is for long.</summary>
internal sealed class RestlessAgents : IDisposable
{
    private const int IngestPort = 8651, WebPort = 8650;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-harm-");
    private readonly HarmNetwork _network;
    private readonly RestlessAgent[] _agents;

    internal RestlessAgents(HarmNetwork network, int seed)
    {
        _network = network;
        KeyFile.Create(PathOf("lab.key"));
        Laboratory hosts = network.Hosts;
        _agents =
        [
            Agent("client", hosts.Client, LaboratoryAddresses.CollectorForClient, seed),
            Agent("server", hosts.Server, LaboratoryAddresses.CollectorForServer, unchecked(seed * 31 + 1)),
        ];
    }

    internal AgentTotals Totals { get; } = new();

    /// <summary>Lives of the agent that had the fewest.</summary>
    internal int Lives => _agents.Min(agent => agent.Stops + agent.Kills + agent.EarlyKills);

    /// <summary>Times that an agent ended in the way that operators end it.</summary>
    internal int Stops => _agents.Sum(agent => agent.Stops);

    /// <summary>Times that an agent was killed.</summary>
    internal int Kills => _agents.Sum(agent => agent.Kills);

    /// <summary>Times that an agent was killed while it started.</summary>
    internal int EarlyKills => _agents.Sum(agent => agent.EarlyKills);

    /// <summary>Times that an agent took other rules while it ran.</summary>
    internal int Reloads => _agents.Sum(agent => agent.Reloads);

    /// <summary>Times that an agent refused rules and kept those that it had.</summary>
    internal int Refusals => _agents.Sum(agent => agent.Refusals);

    /// <summary>What went wrong with agents.</summary>
    internal IReadOnlyList<string> Failures => [.. _agents.SelectMany(agent => agent.Failures)];

    /// <summary>Files that agents have left.</summary>
    internal IReadOnlyList<string> Files => [.. _agents.SelectMany(agent => agent.Files)];

    /// <summary>Starts the collector, and lets the agents live until <paramref name="stop"/>.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        string configuration = PathOf("collector.json");
        File.WriteAllBytes(configuration, JsonSerializer.SerializeToUtf8Bytes(new
        {
            keyFile = PathOf("lab.key"),
            ingest = $"[::]:{IngestPort}",
            web = $"[::1]:{WebPort}",
        }));
        LabProcess collector = _network.Hosts.Start(
            "the collector", _network.Hosts.Collector, Pdm6Program.Command("collector", "--config", configuration));
        await using (collector)
        {
            await collector.WaitForLineAsync("agents report to", TimeSpan.FromSeconds(60), CancellationToken.None);
            await Task.WhenAll(_agents.Select(agent => agent.RunAsync(() => _network.Path.Promise, stop)));
            await LiveTogetherAsync();
            if (collector.HasExited)
                throw collector.Failure($"ended with {collector.ExitCode}");
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>At the end both measure, until each has sealed all kinds of traffic and accepted what the other sealed; then
    /// each carriage has everything for a while.</summary>
    private async Task LiveTogetherAsync()
    {
        bool[] started = await Task.WhenAll(_agents.Select(agent => agent.StartLastAsync()));
        if (started.Contains(false))
            return; // it is among the failures
        CounterReport[] counted = [];
        await Poll.UntilAsync(
            async () =>
            {
                counted = await Task.WhenAll(_agents.Select(agent => agent.CountersOfLastAsync()));
                return Array.TrueForAll(counted, report =>
                    report.Ingress.GetValueOrDefault("accepted") > 0 && report.Rules.All(rule => rule.Sealed > 0 || rule.Name == AgentSettings.NeverSealed));
            },
            () => $"agents that are left alone do not seal and accept everything: {string.Join(" | ", counted.Select(Text))}");
        await Task.WhenAll(_agents.Select(agent => agent.ChangeCarriagesAsync()));
        foreach (RestlessAgent agent in _agents)
            await agent.StopLastAsync();
    }

    private static string Text(CounterReport report)
    {
        AgentTotals totals = new();
        totals.Add(report);
        return $"{totals}";
    }

    private RestlessAgent Agent(string name, NetworkNamespace host, Wire.Ipv6Address collector, int seed) => new(
        name, _network.Hosts, host,
        new Dictionary<string, object> { ["keyFile"] = PathOf("lab.key"), ["collector"] = $"https://[{collector}]:{IngestPort}" },
        PathOf(name), _directory.FullName, new Random(seed), Totals);

    private string PathOf(string file) => Path.Combine(_directory.FullName, file);
}
