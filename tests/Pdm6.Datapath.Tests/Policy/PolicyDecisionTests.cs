using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Policy;

/// <summary>What the kernel program decides, against the rules as they read.</summary>
public class PolicyDecisionTests
{
    [KernelTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Decide_RandomPoliciesAndPackets_IsTheFirstRuleThatFits(int seed) => OwnNamespace.Run(() =>
    {
        int[] interfaces = [1, OwnNamespace.AddVethPair("one", "two"), HostInterface.Find("two")!.Index];
        using KernelDatapath datapath = TestDatapath.Load();
        RandomPolicy random = new(seed);
        int fits = 0, packets = 0;
        for (int i = 0; i < 25; i++)
        {
            PolicyRule[] rules = random.Rules(interfaces);
            datapath.SetPolicy(PolicyTables.Compile(rules));
            for (int j = 0; j < 60; j++, packets++)
            {
                PolicyPacket packet = random.Packet(interfaces);
                int? expected = PolicyMatch.FirstRule(rules, packet);
                (int, bool)? wanted = expected is { } rule ? (rule, PolicyMatch.SamplesFlow(rules[rule], packet.Flow)) : null;
                Assert.True(wanted == PolicyRun.Decide(datapath, packet), $"policy {i}, packet {j}: rule {expected} fits");
                fits += expected is null ? 0 : 1;
            }
        }
        Assert.InRange(fits, packets / 10, packets - 1); // both happen
    });

    [KernelFact]
    public void Decide_Group_IsWhatIsCounted()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        datapath.SetPolicy(PolicyTables.Compile([Everything with { Group = 31 }]));

        Assert.Equal((31, true), PolicyRun.Decide(datapath, s_packet));
    }

    [KernelFact]
    public void Decide_SampledPackets_AreSomeOfEachFlow()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        datapath.SetPolicy(PolicyTables.Compile([Everything with { SampleOneIn = 4, SamplesPackets = true }]));

        datapath.Program("pdm6_egress").TestRun(PolicyRun.Frame(s_packet), repeat: 4000);

        DatapathCounters counters = datapath.ReadCounters();
        Assert.Equal(4000ul, counters.OfRule(0, PacketOutcome.Selected) + counters.OfRule(0, PacketOutcome.NotSampled));
        Assert.InRange(counters.OfRule(0, PacketOutcome.Selected), 800ul, 1200ul); // 1000, and seven standard deviations
    }

    [KernelFact]
    public void Decide_NoPolicy_TakesNothing()
    {
        using KernelDatapath datapath = TestDatapath.Load();

        Assert.Null(PolicyRun.Decide(datapath, s_packet));
    }

    [KernelFact]
    public void SetPolicy_Refused_LeavesTheFormer()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        datapath.SetPolicy(PolicyTables.Compile([Everything]));

        Assert.Throws<ArgumentException>(() => datapath.SetPolicy(PolicyTables.Compile([Everything with { Dscps = [64] }])));

        Assert.Equal((0, true), PolicyRun.Decide(datapath, s_packet));
    }

    [KernelFact]
    public void SetPolicy_ManyTimes_LeavesNothingBehind()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        for (int i = 0; i < 5; i++)
            datapath.SetPolicy(PolicyTables.Compile([Everything with { Interfaces = [.. Enumerable.Range(1, PolicyTables.MaxOrigins)] }]));
        datapath.SetPolicy(PolicyTables.Compile([Everything]));

        BpfMap origins = datapath.Map("rules_by_origin");
        for (uint generation = 0; generation < 10; generation++)
            Assert.False(origins.TryGet(new Abi.AbiOrigin { Generation = generation, Dimension = Abi.AbiDimensions.ByInterface, Id = 1 }, out uint _));
    }

    /// <summary>Two policies that no packet can tell from each other unless it sees parts of both: one selects all by
    /// protocol but nothing by destination, the other the reverse; so a mixture selects what neither does.</summary>
    [KernelFact]
    public void SetPolicy_UnderTraffic_IsSeenWholeByEveryPacket()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        Ipv6Prefix ours = new(s_packet.Flow.Destination, 64), others = new(Ipv6Address.Parse("2001:db9::"), 32);
        PolicyTables oneRule = PolicyTables.Compile([Everything with { Destinations = [ours], Protocols = [NextHeader.Tcp] }]);
        PolicyTables otherRule = PolicyTables.Compile([Everything with { Destinations = [others], Protocols = [NextHeader.Udp] }]);
        datapath.SetPolicy(oneRule);
        byte[] frame = PolicyRun.Frame(s_packet);
        using CancellationTokenSource stop = new();
        long packets = 0;
        Task[] senders = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                datapath.Program("pdm6_egress").TestRun(frame, repeat: 1000);
                Interlocked.Add(ref packets, 1000);
            }
        }))];

        for (int i = 0; i < 100; i++)
            datapath.SetPolicy(i % 2 == 0 ? otherRule : oneRule);
        Poll.Until(() => Interlocked.Read(ref packets) > 100_000, "no traffic");
        stop.Cancel();
        Task.WaitAll(senders);

        DatapathCounters counters = datapath.ReadCounters();
        Assert.Equal((0ul, 0ul), (counters.OfRule(0, PacketOutcome.Selected), counters.OfRule(0, PacketOutcome.NotSampled)));
    }

    private static readonly PolicyPacket s_packet = new(new FlowKey(TestDatapath.Pair.Source, TestDatapath.Pair.Destination, NextHeader.Udp, 1000, 53));

    private static PolicyRule Everything => new([PolicyRule.Everywhere], [], []);
}
