using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pdm6.Collector.Api;
using Pdm6.Export;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Limits;

/// <summary>More flows than the flow table holds: memory stays bounded, and what is not measured is told.</summary>
public class MillionFlowsTests(ITestOutputHelper output)
{
    private const int FlowTableSize = 65_536; // the default
    private const int FirstPort = 10_000, Ports = 10_000, Sockets = 100, Flows = Ports * Sockets;
    private const int FlowsAgain = 60_000; // of the first ones: all have a place
    private const long Tolerance = 128 << 20; // of a process with a garbage collector
    private const string TableFull = "flow-table-full";

    private static readonly object[] s_rules =
        [new { name = "all", destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"], ports = (string[])[$"{FirstPort}-{FirstPort + Ports - 1}"] }];

    [RootFact]
    public async Task MillionFlows_TableOf64k_MemoryIsBounded_AndCoverageIsTold()
    {
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        await laboratory.StartAgentsAsync(s_rules);
        int agent = (await laboratory.Client.StatusAsync()).ProcessId;
        ProcessMemory before = ProcessMemory.Of(agent);

        Send(laboratory, Flows, FlowsAgain);
        ProcessMemory after = ProcessMemory.Of(agent);
        RuleCounters told = (await laboratory.Client.CountersAsync()).Rules.Single();
        await laboratory.QuietAsync();
        await laboratory.StopAgentsAsync();
        GroupView collected = (await laboratory.ReadGroupsAsync())["all"];

        output.WriteLine(
            $"{told.Selected} packets of {Flows} flows: {told.Sealed} sealed, {told.LeftAlone[TableFull]} found the table full; the collector saw "
            + $"{collected.Packets}, missed {collected.Lost}; agent's memory {before} before, {after} after");
        // Every packet is accounted for: none is missing from both counts, none is in both.
        Assert.Equal(Flows + FlowsAgain, told.Selected);
        Assert.Equal(told.Selected, told.Sealed + told.LeftAlone.Values.Sum());
        Assert.Equal(told.Selected - told.Sealed, told.LeftAlone[TableFull]);
        Assert.InRange(told.Sealed, FlowsAgain + FlowTableSize - FlowTableSize / 100, long.MaxValue);
        // The collector says the same, and takes nothing for measured that was not: each option came or is missed.
        // Nobody listens on the server, so all these packets are the client's.
        Assert.Equal((told.Selected, told.Sealed), (collected.Selected, collected.Sealed));
        Assert.Equal(told.LeftAlone[TableFull], collected.LeftAlone[TableFull]);
        Assert.Equal((collected.Sealed, 0, 0), (collected.Packets + collected.Lost, collected.Duplicated, collected.AuthenticationFailed));
        Assert.True(laboratory.Client.HasSaid("The flow table is full"));
        Assert.InRange(after.MapOctets, 1, before.MapOctets + (1 << 20));
        Assert.InRange(after.ResidentOctets, 1, before.ResidentOctets + Tolerance);
    }

    // One packet of each flow, then another one of the first flows.
    private static void Send(MeasuredLaboratory laboratory, int flows, int again)
    {
        Socket[] sockets = laboratory.Hosts.Client.Within(() => Enumerable.Range(0, Sockets).Select(_ =>
            new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp)).ToArray());
        try
        {
            SocketAddress to = LaboratorySockets.ServerAt(FirstPort).Serialize();
            for (int flow = 0; flow < flows + again; flow++)
            {
                int port = FirstPort + flow % flows % Ports;
                BinaryPrimitives.WriteUInt16BigEndian(to.Buffer.Span[2..], (ushort)port);
                sockets[flow % flows / Ports].SendTo("pdm6"u8, SocketFlags.None, to);
            }
        }
        finally
        {
            foreach (Socket socket in sockets)
                socket.Dispose();
        }
    }
}
