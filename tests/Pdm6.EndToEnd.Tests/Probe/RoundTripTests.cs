using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>Round trips against captures on both hosts.</summary>
public class RoundTripTests
{
    private const int Requests = 300;
    private const long AllowedNs = 20_000;

    [RootFact]
    public async Task RoundTrips_AgainstCapturesOnBothHosts_AgreeAtTheMedian()
    {
        await using ProbedPath path = ProbedPath.Create(
            new Impairments { DelayMilliseconds = 3, JitterMilliseconds = 2 }, new Impairments { DelayMilliseconds = 2 });
        await path.ReflectAsync("--key-file", path.KeyPath);
        await using PacketCapture atClient = await PacketCapture.StartAsync(
            path.Hosts, [path.Hosts.ClientLink.First], inboundOnly: false, path.PathOf("client.pcapng"));
        await using PacketCapture atServer = await PacketCapture.StartAsync(
            path.Hosts, [path.Hosts.ServerLink.First], inboundOnly: false, path.PathOf("server.pcapng"));
        IReadOnlyList<JsonElement> lines = await path.ProbeJsonAsync(
            LaboratoryAddresses.Server.ToString(), "-c", $"{Requests}", "-i", "0.01", "--key-file", path.KeyPath);
        Assert.Equal((0L, 0L), (await atClient.StopAsync(), await atServer.StopAsync()));
        CapturedFrames client = CapturedFrames.Read(atClient.Path), server = CapturedFrames.Read(atServer.Path);
        uint first = client.Requests.MinBy(request => request.Value).Key;

        List<long> differences = [];
        foreach (JsonElement reply in lines.Where(line => line.GetProperty("type").GetString() == "reply"))
        {
            uint sequence = first + reply.GetProperty("sequence").GetUInt32();
            long atHosts = (long)(client.Replies[sequence] - client.Requests[sequence]);
            long truth = atHosts - (long)(server.Replies[sequence] - server.Requests[sequence]);
            differences.Add(reply.GetProperty("roundTripNs").GetInt64() - truth);
        }
        differences.Sort();

        Assert.Equal(Requests, differences.Count);
        Assert.InRange(differences[Requests / 2], -AllowedNs, AllowedNs);
        JsonElement summary = lines[^1];
        Assert.Equal(0, summary.GetProperty("withoutKernelStamp").GetInt64());
        Assert.InRange(summary.GetProperty("roundTripNs").GetProperty("min").GetInt64(), 5_000_000, 7_500_000);
        Assert.Equal((1, 1), (summary.GetProperty("there").GetProperty("hops").GetInt32(), summary.GetProperty("back").GetProperty("hops").GetInt32()));
    }

    [RootFact]
    public async Task OneWayDelays_OnHostsWithOneClock_AreTheRelaysDelays()
    {
        await using ProbedPath path = ProbedPath.Create(
            new Impairments { DelayMilliseconds = 20 }, new Impairments { DelayMilliseconds = 5 });
        await path.ReflectAsync("--key-file", path.KeyPath, "--clock-error", "30");
        JsonElement summary = (await path.ProbeJsonAsync(
            LaboratoryAddresses.Server.ToString(), "-c", "20", "-i", "0.01", "--key-file", path.KeyPath, "--clock-error", "10"))[^1];

        Assert.Equal(40_000, summary.GetProperty("clockErrorNs").GetInt64());
        // What the relay adds to its delay by itself is no more than the difference of the two.
        Assert.InRange(DelayOf(summary, "there"), 20_000_000, 30_000_000);
        Assert.InRange(DelayOf(summary, "back"), 5_000_000, 15_000_000);
    }

    private static long DelayOf(JsonElement summary, string direction) =>
        summary.GetProperty(direction).GetProperty("delayNs").GetProperty("p50").GetInt64();
}
