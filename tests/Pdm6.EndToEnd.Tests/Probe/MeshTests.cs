using System.Net;
using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>Hosts that ask each other, round after round, and a collector that is told.</summary>
public class MeshTests
{
    private const int IngestPort = 8651, WebPort = 8650;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [RootFact]
    public async Task Rounds_OfTwoHosts_AreInTheCollector()
    {
        await using ProbedPath path = ProbedPath.Create(new Impairments { Loss = new Selection { Every = 4 } });
        Laboratory hosts = path.Hosts;
        File.WriteAllText(path.PathOf("collector.json"), JsonSerializer.Serialize(
            new { keyFile = path.KeyPath, ingest = $"[::]:{IngestPort}", web = $"[::1]:{WebPort}" }));
        LabProcess collector = hosts.Start("the collector", hosts.Collector, Pdm6Program.Command("collector", "--config", path.PathOf("collector.json")));
        await collector.WaitForLineAsync("agents report to", s_patience);
        File.WriteAllText(path.PathOf("mesh"), $"edge {LaboratoryAddresses.Client}\ncore {LaboratoryAddresses.Server}\n");
        foreach (NetworkNamespace host in (NetworkNamespace[])[hosts.Client, hosts.Server])
        {
            LabProcess reflector = hosts.Start("a reflector", host, Pdm6Program.Command("reflect", "--key-file", path.KeyPath));
            await reflector.WaitForLineAsync("listening on", s_patience);
        }
        LabProcess Ask(NetworkNamespace host, Wire.Ipv6Address collectorAddress) => hosts.Start("a prober", host, Pdm6Program.Command(
            "probe", "--mesh", path.PathOf("mesh"), "--every", "1", "-c", "5", "-i", "0.01", "-W", "0.3", "--key-file", path.KeyPath,
            "--report-to", $"https://[{collectorAddress}]:{IngestPort}"));
        LabProcess edge = Ask(hosts.Client, LaboratoryAddresses.CollectorForClient);
        LabProcess core = Ask(hosts.Server, LaboratoryAddresses.CollectorForServer);
        await using LoopbackForwarder web = LoopbackForwarder.Start(hosts.Collector, new(IPAddress.IPv6Loopback, WebPort), 0);
        using HttpClient http = new() { BaseAddress = new Uri($"http://{web.Endpoint}") };
        JsonElement[] pairs = [];
        await Poll.UntilAsync(
            async () =>
            {
                pairs = [.. JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/probes", UriKind.Relative))).RootElement.EnumerateArray()];
                return pairs.Length == 2 && pairs.All(pair => pair.GetProperty("rounds").GetInt64() >= 2);
            },
            () => $"the collector was told of {pairs.Length} pairs; {edge.Failure("said")} {core.Failure("said")}");

        Assert.Equal(
            [("core", "edge"), ("edge", "core")],
            pairs.Select(pair => (pair.GetProperty("prober").GetString(), pair.GetProperty("target").GetString())));
        Assert.All(pairs, pair => Assert.True(pair.GetProperty("all").GetProperty("roundTripNs").GetProperty("samples").GetInt64() > 0));
        Assert.True(pairs[1].GetProperty("all").GetProperty("there").GetProperty("lost").GetInt64() > 0);
        Assert.Equal(0, pairs[0].GetProperty("all").GetProperty("there").GetProperty("lost").GetInt64());
        edge.Interrupt();
        Assert.Equal(0, await edge.WaitAsync());
        Assert.Contains(edge.LastLines, line => line.StartsWith("core ", StringComparison.Ordinal));
    }
}
