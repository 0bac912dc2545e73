using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.Policy;

/// <summary>Packets a second: what is over the cap is left alone and counted.</summary>
public class CapTests
{
    [KernelTheory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void Cap_Exceeded_LeavesPacketsAlone(uint flow, uint rule, uint all)
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        SetCaps(datapath, flow, rule, all);
        datapath.Publish();

        const int packets = 200;
        int sealedPackets = Enumerable.Range(0, packets).Count(_ => datapath.TrySeal(Packet(1000)) is not null);

        Assert.InRange(sealedPackets, 1, packets - 1);
        Assert.Equal((ulong)(packets - sealedPackets), datapath.Count(PacketOutcome.OverCap));
    }

    [KernelFact]
    public void Cap_OfAFlow_LeavesOtherFlowsTheirs()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        SetCaps(datapath, 1, 0, 0);
        datapath.Publish();

        for (ushort port = 1000; port < 1020; port++)
            Assert.NotNull(datapath.TrySeal(Packet(port)));
    }

    [KernelFact]
    public void Cap_HighEnough_TakesABurst()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        SetCaps(datapath, 1000, 1000, 1000);
        datapath.Publish();

        for (int i = 0; i < 100; i++) // a tenth of a second's packets
            Assert.NotNull(datapath.TrySeal(Packet(1000)));
    }

    private static void SetCaps(SealingDatapath datapath, uint flow, uint rule, uint all) => datapath.Kernel.SetPolicy(PolicyTables.Compile(
        [new PolicyRule([PolicyRule.Everywhere], [], []) { FlowPacketsPerSecond = flow, PacketsPerSecond = rule }], all));

    private static byte[] Packet(ushort port) => TestPackets.Udp(SealingDatapath.Pair, port, 53, 20);
}
