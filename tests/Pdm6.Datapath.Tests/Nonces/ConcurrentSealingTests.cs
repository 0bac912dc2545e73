using Pdm6.Datapath.Tests.Guards;
using Xunit.Abstractions;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>The nonce rule while two processors run the egress program at the same time.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class ConcurrentSealingTests(ITestOutputHelper output)
{
    [KernelFact]
    public void TwoProcessors_OneFlow_TakeEachNumberOnce()
    {
        const int packetsEach = 100_000;
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();

        List<SealedOption> first = new(packetsEach), second = new(packetsEach);
        Processors.RunAtOnce(() => Seal(datapath, 1000, packetsEach, first), () => Seal(datapath, 1000, packetsEach, second));

        datapath.Ledger.Add(first.Concat(second));
        datapath.Ledger.AssertSound(2 * packetsEach);
        // Without a gap, too: from wherever the flow began, each number up to the last.
        uint[] numbers = [.. first.Concat(second).Select(option => option.Psntp - Math.Min(first[0].Psntp, second[0].Psntp)).Order()];
        Assert.Equal(Enumerable.Range(0, 2 * packetsEach).Select(i => (uint)i), numbers);
        output.WriteLine(datapath.Ledger.ToString());
    }

    [KernelFact]
    public void EpochsChangeUnderLoad_EachOptionIsSealedWithTheKeyOfItsEpoch()
    {
        const int epochs = 100;
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero));
        datapath.Publish();
        bool stop = false;
        List<SealedOption> first = [], second = [];

        Thread publisher = new(() =>
        {
            for (int i = 0; i < epochs; i++)
                datapath.Publish();
            Volatile.Write(ref stop, true);
        });
        publisher.Start();
        Processors.RunAtOnce(() => SealUntilStopped(first), () => SealUntilStopped(second));
        publisher.Join();

        datapath.Ledger.Add(first.Concat(second));
        datapath.Ledger.AssertSound(first.Count + second.Count);
        Assert.InRange(datapath.Ledger.KeysUsed, epochs / 2, epochs + 1);
        output.WriteLine($"{datapath.Ledger}; {datapath.Count(PacketOutcome.FlowBusy)} left alone because their flow was in a later epoch");

        void SealUntilStopped(List<SealedOption> options)
        {
            byte[] frame = SealingDatapath.Frame(1000);
            while (!Volatile.Read(ref stop))
                if (datapath.TrySeal(frame) is { } option)
                    options.Add(option);
        }
    }

    [KernelFact]
    public void TwoProcessors_FirstPacketsOfTheSameNewFlows_MakeOneStateEach()
    {
        // Two processors that make one flow hold two slots for a moment.
        const int flows = 4000, spareSlots = 1, packetsEach = 2;
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero), flowTableSize: flows + spareSlots);
        datapath.Publish();
        int[] progress = new int[2];
        List<SealedOption> first = new(flows * packetsEach), second = new(flows * packetsEach);

        Processors.RunAtOnce(() => SealInStep(0, first), () => SealInStep(1, second));

        datapath.Ledger.Add(first.Concat(second));
        datapath.Ledger.AssertSound(2 * flows * packetsEach);
        Assert.All(
            first.Concat(second).GroupBy(option => option.Flow),
            flow => Assert.Equal([0u, 1u, 2u, 3u], flow.Select(option => option.Psntp).Order()));
        // Who came second gave its slot back: none is lost.
        Assert.True(datapath.Kernel.TryPopFreeSlot(out _));
        Assert.False(datapath.Kernel.TryPopFreeSlot(out _));
        int met = Enumerable.Range(0, flows).Count(i => first[packetsEach * i].Psntp + second[packetsEach * i].Psntp == 1);
        output.WriteLine($"{datapath.Ledger}; in {met} of {flows} flows both first packets came before either second one");

        void SealInStep(int self, List<SealedOption> options)
        {
            for (int i = 0; i < flows; i++)
            {
                byte[] frame = SealingDatapath.Frame((ushort)i);
                Volatile.Write(ref progress[self], i);
                for (int spin = 0; spin < 20_000 && Volatile.Read(ref progress[1 - self]) < i; spin++)
                    Thread.SpinWait(1);
                for (int packet = 0; packet < packetsEach; packet++)
                    options.Add(datapath.TrySeal(frame)!.Value);
            }
        }
    }

    [KernelFact]
    public void SweepsUnderLoad_FlowsAreRebornUnderKeysTheyNeverHad()
    {
        const int epochs = 48, groups = 4, flowsOfAGroup = 16, epochsOfAGroup = 2;
        // All numbers begin at 0: a flow reborn under a key that it had repeats a nonce at once.
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero), flowTableSize: 256);
        datapath.Publish();
        bool stop = false;
        int removed = 0;
        List<SealedOption> first = [], second = [];

        Thread agent = new(() =>
        {
            for (int i = 1; i < epochs; i++)
            {
                datapath.Publish();
                removed += datapath.SweepByTheRule().Removed;
            }
            Volatile.Write(ref stop, true);
        });
        agent.Start();
        Processors.RunAtOnce(() => SealUntilStopped(first), () => SealUntilStopped(second));
        agent.Join();

        datapath.Ledger.Add(first.Concat(second));
        datapath.Ledger.AssertSound(first.Count + second.Count);
        int rebirths = first.Concat(second).Count(option => option.Psntp == 0) - groups * flowsOfAGroup;
        Assert.InRange(rebirths, 1, removed);
        output.WriteLine($"{datapath.Ledger}; {removed} flows removed, {rebirths} reborn");

        void SealUntilStopped(List<SealedOption> options)
        {
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                int group = (int)datapath.Current.Serial / epochsOfAGroup % groups;
                if (datapath.TrySeal(SealingDatapath.Frame((ushort)(1000 + group * flowsOfAGroup + i % flowsOfAGroup))) is { } option)
                    options.Add(option);
            }
        }
    }

    private static void Seal(SealingDatapath datapath, ushort sourcePort, int packets, List<SealedOption> options)
    {
        byte[] frame = SealingDatapath.Frame(sourcePort);
        for (int i = 0; i < packets; i++)
            options.Add(datapath.TrySeal(frame)!.Value);
    }
}
