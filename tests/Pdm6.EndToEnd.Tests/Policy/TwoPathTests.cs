using Pdm6.Datapath;
using Pdm6.Lab;
using Pdm6.Wire;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>Why flows are sampled and not packets: where a router looks at extension headers, packets with and without an
/// option take different ways.</summary>
public class TwoPathTests(ITestOutputHelper output)
{
    private const int PacketsEach = 50;
    private const uint OneIn = 2;

    [RootTheory]
    [InlineData("packet")]
    [InlineData("flow")]
    public async Task Router_HashesExtensionHeaders_ReordersFlowsOnlyWherePacketsAreSampled(string sampleBy)
    {
        await using TwoPaths network = new();
        await LoneAgent.StartAsync(
            network.Hosts, network.Directory, new { name = "numbered", protocols = (string[])["udp"], sampleOneIn = OneIn, sampleBy });
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
}
