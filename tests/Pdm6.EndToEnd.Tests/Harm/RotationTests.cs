using System.Net;
using Pdm6.Collector.Api;
using Pdm6.Lab;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>Keys change in the middle of many flows that send as fast as they are answered.</summary>
public class RotationTests
{
    private const string Rule = "udp";
    private const int Port = 7000, Flows = 8, ContextsEach = 3;
    private const long PacketsPerSecond = 2_000; // at each host; what is to be shown needs many, not all that fit

    [RootFact]
    public async Task EpochsAndContexts_RotatedUnderManyFlows_LoseNoMeasurement()
    {
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync(
            measured => Task.FromResult<ILaboratoryKeys>(new ShortLivedKeys(measured.PathOf("lab.key"))));
        await laboratory.StartAgentsAsync([new { name = Rule, destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"] }]);

        TrafficReport[] reports = await ConverseAsync(laboratory);

        Assert.All(reports, report => Assert.Equal((0, 0), (report.Errors, report.Unanswered)));
        await laboratory.QuietAsync();
        await laboratory.StopAgentsAsync();
        GroupView group = (await laboratory.ReadGroupsAsync())[Rule];
        TotalsView totals = await laboratory.ReadTotalsAsync();
        long packets = 2 * reports.Sum(report => report.Requests);
        Assert.Equal((packets, packets, packets), (group.Selected, group.Sealed, group.Packets));
        Assert.Equal((packets, 0), (totals.Opened, group.Lost));
        Assert.Equal((0, 0, 0, 0), (totals.NoKey, totals.WrongEpoch, totals.AuthenticationFailed, totals.Waiting));
    }

    /// <summary>All flows at the same time, until both hosts have used some contexts.</summary>
    private static async Task<TrafficReport[]> ConverseAsync(MeasuredLaboratory laboratory)
    {
        Laboratory hosts = laboratory.Hosts;
        Way way = new(
            hosts.Client, IPAddress.Parse($"{LaboratoryAddresses.Client}"), hosts.Server, IPAddress.Parse($"{LaboratoryAddresses.Server}"));
        using CancellationTokenSource stop = new();
        using Pace pace = new(() => ReceivedPackets.Of(hosts.Server), PacketsPerSecond);
        Task<TrafficReport>[] flows = [.. Enumerable.Range(0, Flows).Select(flow =>
            new UdpEchoes($"flow {flow}", pace, way, Port + flow, [8, 100, 1000], window: 4).RunAsync(stop.Token))];
        HashSet<ContextId> client = [], server = [];
        await Poll.UntilAsync(
            async () =>
            {
                client.Add((await laboratory.Client.StatusAsync()).ContextId);
                server.Add((await laboratory.Server.StatusAsync()).ContextId);
                return client.Count >= ContextsEach && server.Count >= ContextsEach;
            },
            () => $"contexts do not change: {client.Count} and {server.Count}");
        await stop.CancelAsync();
        pace.Dispose(); // what is under way comes to its end
        return await Task.WhenAll(flows);
    }

    /// <summary>One file for all, and keys that hardly live.</summary>
    private sealed class ShortLivedKeys(string path) : ILaboratoryKeys
    {
        private readonly SharedKeyFile _file = new(path);

        public IEnumerable<KeyValuePair<string, object>> CollectorSettings => _file.CollectorSettings;

        public IEnumerable<KeyValuePair<string, object>> AgentSettings(string name) =>
            [.. _file.AgentSettings(name), new("epochSeconds", 2), new("contextSeconds", 6)];
    }
}
