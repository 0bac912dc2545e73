using Pdm6.Datapath.Tests.Guards;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>The nonce rule over the life of flows: a full table, removal, rebirth, numbers that come round.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class FlowTableTests
{
    private const ulong NumbersPerSerial = 1ul << 32;

    [KernelFact]
    public void FullTable_NewFlows_AreLeftAloneAndCounted_RunningOnesGoOn()
    {
        const int size = 8, newFlows = 20;
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage, flowTableSize: size);
        datapath.Publish();
        uint[] begins = [.. Enumerable.Range(0, size).Select(i => datapath.Send(SealingDatapath.Frame((ushort)i))!.Value)];

        for (int i = 0; i < newFlows; i++)
            Assert.Null(datapath.Send(SealingDatapath.Frame((ushort)(1000 + i))));

        Assert.Equal((ulong)newFlows, datapath.Count(PacketOutcome.FlowTableFull));
        for (int i = 0; i < size; i++)
            Assert.Equal(unchecked(begins[i] + 1), datapath.Send(SealingDatapath.Frame((ushort)i)));
        datapath.Ledger.AssertSound(2 * size);
    }

    [KernelFact]
    public void FullTable_AfterASweep_HasRoomForAsManyAsWereRemoved()
    {
        const int size = 8, idle = 3;
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage, flowTableSize: size);
        datapath.Publish();
        for (ushort i = 0; i < size; i++)
            datapath.Send(SealingDatapath.Frame(i));
        datapath.Publish();
        for (ushort i = idle; i < size; i++)
            datapath.Send(SealingDatapath.Frame(i));
        datapath.Publish();

        Assert.Equal(new SweepResult(size - idle, idle), datapath.SweepByTheRule());

        int sealedNow = Enumerable.Range(1000, size).Count(port => datapath.Send(SealingDatapath.Frame((ushort)port)) is not null);
        Assert.Equal(idle, sealedNow);
        datapath.Ledger.AssertSound(size + size - idle + idle);
    }

    [KernelFact]
    public void Sweep_FlowOfTheCurrentOrThePreviousEpoch_RemovesNothing()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        uint number = datapath.Send(SealingDatapath.Frame(1000))!.Value;

        Assert.Equal(new SweepResult(1, 0), datapath.SweepByTheRule());
        datapath.Publish();
        Assert.Equal(new SweepResult(1, 0), datapath.SweepByTheRule());

        Assert.Equal(unchecked(number + 1), datapath.Send(SealingDatapath.Frame(1000)));
    }

    [KernelFact]
    public void Sweep_ThenTheSameFiveFields_NumbersRestartUnderAnotherKey()
    {
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero));
        for (int life = 0; life < 5; life++)
        {
            datapath.Publish();
            Assert.Equal([0u, 1u, 2u], Enumerable.Range(0, 3).Select(_ => datapath.Send(SealingDatapath.Frame(1000))!.Value));
            datapath.Publish();
            datapath.Publish();
            Assert.Equal(new SweepResult(0, 1), datapath.SweepByTheRule());
        }

        datapath.Ledger.AssertSound(15);
        Assert.Equal(5, datapath.Ledger.KeysUsed);
    }

    [KernelFact]
    public void Sweep_SerialAboveTheOneInUse_IsACallersMistake()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();

        Assert.Throws<ArgumentOutOfRangeException>(() => datapath.Kernel.Sweep(datapath.Current.Serial + 1, ulong.MaxValue));
    }

    [KernelFact]
    public void Sweep_AnySerialThatIsAllowed_NeverLetsAFlowMeetItsKeyAgain()
    {
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero));
        for (int i = 0; i < 6; i++)
        {
            datapath.Publish();
            datapath.Send(SealingDatapath.Frame(1000));
            // As greedy as a caller can be: idle or not, whatever the current epoch does not hold.
            datapath.Kernel.Sweep(datapath.Current.Serial, ulong.MaxValue);
            datapath.Send(SealingDatapath.Frame(1000));
        }

        datapath.Ledger.AssertSound(12);
    }

    [KernelFact]
    public void Numbers_AllOfASerialTaken_FlowWaitsForTheNextEpoch()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        uint first = datapath.Send(SealingDatapath.Frame(1000))!.Value;
        // All but one are taken, and the one that is left is just before the first.
        datapath.ChangeState(datapath.SlotOf(1000), (ref state) => (state.TakenInSerial, state.NextPsntp) = (NumbersPerSerial - 1, first - 1));

        Assert.Equal(unchecked(first - 1), datapath.Send(SealingDatapath.Frame(1000)));
        Assert.Null(datapath.Send(SealingDatapath.Frame(1000)));
        Assert.Equal(1ul, datapath.Count(PacketOutcome.NumbersExhausted));

        datapath.Publish();
        Assert.Equal(first, datapath.Send(SealingDatapath.Frame(1000)));
        datapath.Ledger.AssertSound(3);
    }

    [KernelFact]
    public void Epochs_NumbersGoOnAcrossThem()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        uint first = datapath.Send(SealingDatapath.Frame(1000))!.Value;
        for (uint i = 1; i < 10; i++)
        {
            datapath.Publish();
            Assert.Equal(unchecked(first + i), datapath.Send(SealingDatapath.Frame(1000)));
        }
        datapath.Ledger.AssertSound(10);
    }
}
