using System.Net.Sockets;
using System.Text.Json;
using Pdm6.Agent.Status;
using Pdm6.Datapath;
using Pdm6.Lab;
using Pdm6.Security;
using Pdm6.Wire;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>Why flows are sampled and not packets: where a router looks at extension headers, packets with and without an
/// option take different ways.</summary>
public class TwoPathTests(ITestOutputHelper output)
{
    private const int PacketsEach = 50, FirstPort = 7301;
    private const uint OneIn = 2;

    [RootTheory]
    [InlineData("packet")]
    [InlineData("flow")]
    public async Task Router_HashesExtensionHeaders_ReordersFlowsOnlyWherePacketsAreSampled(string sampleBy)
    {
        await using TwoPaths network = new();
        await StartAgentAsync(network, sampleBy);
        (ushort Port, bool IsSampled)[] flows = [.. SomeFlows()];
        using NumberedFlows traffic = new(network.Hosts, [.. flows.Select(flow => flow.Port)]);

        FlowArrivals arrivals = await traffic.RunAsync(PacketsEach);

        long slow = network.TakenSlowly;
        int sent = flows.Length * PacketsEach;
        output.WriteLine($"sampled by {sampleBy}: {sent} packets of {flows.Length} flows, {slow} of them by the slow path; reordered: {arrivals.Reordered.Sum()}");
        Assert.Equal(sent, arrivals.Count);
        if (sampleBy == "packet")
        {
            Assert.InRange(slow, 1, sent - 1);
            Assert.All(arrivals.Reordered, reordered => Assert.InRange(reordered, 1, PacketsEach));
        }
        else
        {
            Assert.Equal(flows.Count(flow => flow.IsSampled) * PacketsEach, slow);
            Assert.All(arrivals.Reordered, reordered => Assert.Equal(0, reordered));
        }
    }

    /// <summary>Four flows that are sampled as flows, and four that are not.</summary>
    private static IEnumerable<(ushort Port, bool IsSampled)> SomeFlows()
    {
        PolicyRule rule = new([PolicyRule.Everywhere], [], [], OneIn);
        ILookup<bool, ushort> ports = Enumerable.Range(40_000, 200).Select(port => (ushort)port).ToLookup(port => PolicyMatch.SamplesFlow(
            rule, new FlowKey(LaboratoryAddresses.Client, LaboratoryAddresses.Server, NextHeader.Udp, port, NumberedFlows.Port)));
        return ports[true].Take(4).Select(port => (port, true)).Concat(ports[false].Take(4).Select(port => (port, false)));
    }

    /// <summary>Returns when the client's agent measures. The server has none: it skips the option, and delivers.</summary>
    private static async Task StartAgentAsync(TwoPaths network, string sampleBy)
    {
        KeyFile.Create(network.PathOf("lab.key"));
        string socket = network.PathOf("agent.sock");
        string configuration = network.Write("agent.json", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["name"] = "client",
            ["interfaces"] = (string[])[Laboratory.MeasuredInterface],
            ["keyFile"] = "lab.key",
            ["collector"] = "https://[::1]:8651", // nobody is there
            ["rules"] = (object[])
            [
                new { name = "first", protocols = (string[])["udp"], ports = (int[])[FirstPort], carriage = "udp-option" }, // never slow
                new { name = "numbered", protocols = (string[])["udp"], sampleOneIn = OneIn, sampleBy },
            ],
            ["unregisteredDestinations"] = true,
            ["statusSocket"] = socket,
        }));
        RunningAgent agent = new(network.Hosts.Start("the agent", network.Hosts.Client, Pdm6Program.Command("agent", "--config", configuration)), socket);
        // The first packets to a destination go without: they lead to its key.
        using Socket first = network.Hosts.Client.Within(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp));
        AgentStatus? status = null;
        await Poll.UntilAsync(
            async () =>
            {
                await first.SendToAsync(new byte[8], LaboratorySockets.ServerAt(FirstPort));
                return (status = await agent.TryStatusAsync()) is { PairsWithKey: > 0 };
            },
            () => $"the agent has no key: {status}");
    }
}
