using Pdm6.Datapath.Tests.Guards;
using Pdm6.Security;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>A flow whose numbers are prepared, on a processor that remembers what its pair says: what changes acts at
/// once, and every option is counted. Most of the programs are built to remember it long: else a pause would have each
/// test's packets look anew, and pass.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class RememberedPairTests
{
    private const ushort Port = 1000;

    private static readonly byte[] s_frame = SealingDatapath.Frame(Port);
    private static readonly PolicyRule s_everything = new([PolicyRule.Everywhere], [], []);

    [KernelFact]
    public void Publish_WhileAPairIsRemembered_NextPacketIsOfTheNewEpoch() => OnAProcessorThatRemembers((datapath, _) =>
    {
        datapath.Publish();

        Assert.Equal(datapath.Current.Epoch, datapath.TrySeal(s_frame)!.Value.Epoch);
    });

    [KernelFact]
    public void EpochWithoutTheKey_WhileAPairIsRemembered_LeavesTheNextPacketAlone() => OnAProcessorThatRemembers((datapath, _) =>
    {
        datapath.Kernel.Publish(datapath.Kernel.PrepareEpoch(datapath.Current.Serial + 1, 2, ulong.MaxValue));

        Assert.Null(datapath.TrySeal(s_frame));
        Assert.Equal(1ul, datapath.Count(PacketOutcome.NoKey));
    });

    [KernelFact]
    public void Policy_WhileAPairIsRemembered_GivesTheNextPacketItsForm() => OnAProcessorThatRemembers((datapath, _) =>
    {
        datapath.Choose(PacketCarriage.UdpOption);

        Assert.Equal(Carriage.UdpOption, datapath.TrySeal(s_frame)!.Value.Carriage);
    });

    [KernelFact]
    public void Path_WhileAPairIsRemembered_GivesTheNextPacketItsForm() => OnAProcessorThatRemembers((datapath, _) =>
    {
        Assert.True(datapath.Paths.TrySet(SealingDatapath.Pair, LostForms.Header48));
        Assert.Equal(Carriage.UdpOption, datapath.TrySeal(s_frame)!.Value.Carriage);

        Assert.True(datapath.Paths.TrySet(SealingDatapath.Pair, 0));
        Assert.Equal(Carriage.DestinationOptionV2, datapath.TrySeal(s_frame)!.Value.Carriage);
    });

    [KernelFact]
    public void Path_OfAFlowThatNeverPauses_StaysInUse() => OnAProcessorThatRemembers(KernelDatapath.ProgramImage, (datapath, lanes) =>
    {
        ulong start = BootClock.NowNs;

        Poll.Until(
            () =>
            {
                Assert.NotNull(datapath.TrySeal(s_frame));
                lanes.Refill(TimeSpan.MaxValue); // a lane that runs dry has the processor look anew
                return datapath.Paths.InUseSince(start).Contains(SealingDatapath.Pair);
            },
            "the path is out of use");
    });

    [KernelFact]
    public void ReadSealed_OptionsPreparedAndInPlace_CountsAll() => OnAProcessorThatRemembers((datapath, lanes) =>
    {
        for (int i = 0; i < NumberLanes.NumbersAhead + 10; i++)
            Assert.NotNull(datapath.Send(s_frame));
        SendingEpoch epoch = datapath.Current;
        ulong expected = (ulong)datapath.Ledger.Options;
        Assert.Equal([new SealedCount(SealingDatapath.Pair, 0, expected)], epoch.ReadSealed());

        datapath.Publish();
        Assert.NotNull(datapath.Send(s_frame));
        lanes.Refill(TimeSpan.MaxValue); // sees the new epoch, and lets the lane go

        Assert.Equal(0, lanes.BoundCount);
        Assert.Equal([new SealedCount(SealingDatapath.Pair, 0, expected)], epoch.ReadSealed());
        Assert.Equal([new SealedCount(SealingDatapath.Pair, 0, 1)], datapath.Current.ReadSealed());
        datapath.Ledger.AssertSound((int)expected + 1);
    });

    [KernelFact]
    public void FlowWithACap_WhosePairIsKnown_IsStillCapped() => OnAProcessorThatRemembers((datapath, _) =>
    {
        const int packets = 10; // over more seconds than any machine needs, all of them would be allowed
        datapath.Kernel.SetPolicy(PolicyTables.Compile([s_everything with { FlowPacketsPerSecond = 1 }]));

        int overCap = Enumerable.Range(0, packets).Count(_ => datapath.TrySeal(s_frame) is null);

        Assert.InRange(overCap, 1, packets - 1);
        Assert.Equal((ulong)overCap, datapath.Count(PacketOutcome.OverCap));
    });

    [KernelFact]
    public void FlowWhosePacketsAreSampled_WhosePairIsKnown_IsStillSampled() => OnAProcessorThatRemembers((datapath, _) =>
    {
        const int packets = 1000;
        datapath.Kernel.SetPolicy(PolicyTables.Compile([s_everything with { SampleOneIn = 4, SamplesPackets = true }]));
        ulong selectedBefore = datapath.Count(PacketOutcome.Selected);

        int sealedPackets = Enumerable.Range(0, packets).Count(_ => datapath.TrySeal(s_frame) is not null);

        Assert.InRange(sealedPackets, 1, packets / 2); // 250 are expected, give or take 14
        Assert.Equal((ulong)sealedPackets, datapath.Count(PacketOutcome.Selected) - selectedBefore);
        Assert.Equal((ulong)(packets - sealedPackets), datapath.Count(PacketOutcome.NotSampled));
    });

    private static void OnAProcessorThatRemembers(Action<SealingDatapath, NumberLanes> test) =>
        OnAProcessorThatRemembers(ProgramVariant.Build(Scenarios.PairsAreRememberedLong), test);

    private static void OnAProcessorThatRemembers(ReadOnlyMemory<byte> programs, Action<SealingDatapath, NumberLanes> test) => Processors.RunOnOne(() =>
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        Assert.NotNull(datapath.Send(s_frame));
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        Assert.NotNull(datapath.Send(s_frame));
        test(datapath, lanes);
    });
}
