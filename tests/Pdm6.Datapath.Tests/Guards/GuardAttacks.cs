using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>
/// One attack for each guard. All but one need no race: they put the flow table into the state that a race leaves, and
/// then send a packet. Each returns what it achieved, or null.
/// </summary>
internal static class GuardAttacks
{
    private const ushort Port = 1000, OtherPort = 2000;
    private const ulong NumbersPerSerial = 1ul << 32;

    private static readonly byte[] s_frame = SealingDatapath.Frame(Port), s_otherFrame = SealingDatapath.Frame(OtherPort);

    internal static string? TwoProcessorsOnOneFlow(ReadOnlyMemory<byte> programs)
    {
        const int packetsEach = 20_000;
        using SealingDatapath datapath = new(programs);
        datapath.Publish();
        List<SealedOption> first = new(packetsEach), second = new(packetsEach);
        Processors.RunAtOnce(() => Send(first), () => Send(second));
        datapath.Ledger.Add(first.Concat(second));
        return Repetitions(datapath);

        void Send(List<SealedOption> options)
        {
            for (int i = 0; i < packetsEach; i++)
                options.Add(datapath.TrySeal(s_frame)!.Value);
        }
    }

    internal static string? PacketThatReadTheEpochBeforeItChanged(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        SendingEpoch first = datapath.Publish();
        Send(datapath, s_frame, 2);
        // As if all numbers had been taken in the first epoch, so that the next is the one that it began with.
        datapath.ChangeState(datapath.SlotOf(Port), (ref state) => (state.TakenInSerial, state.NextPsntp) = (NumbersPerSerial, 0));
        datapath.Publish();
        Send(datapath, s_frame, 1);
        datapath.BringBack(first);
        datapath.Send(s_frame);
        return Repetitions(datapath);
    }

    internal static string? MoreNumbersThanThereAre(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        datapath.Publish();
        Send(datapath, s_frame, 1);
        datapath.ChangeState(datapath.SlotOf(Port), (ref state) => (state.TakenInSerial, state.NextPsntp) = (NumbersPerSerial, 0));
        datapath.Send(s_frame);
        return Repetitions(datapath);
    }

    internal static string? TwoFirstPackets(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        datapath.Publish();
        Send(datapath, s_frame, 2);
        return Repetitions(datapath);
    }

    internal static string? SweepOfAFlowThatIsUsedMeanwhile(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        datapath.Publish();
        datapath.Publish();
        // User space has read the table and found the flow idle; now the flow takes a number under the current key.
        Send(datapath, s_frame, 1);
        if (datapath.Retire(Port, serialBefore: datapath.Current.Serial - 1))
            datapath.Free(Port);
        Send(datapath, s_frame, 1);
        return Repetitions(datapath);
    }

    internal static string? PacketBetweenDeathAndRemoval(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        datapath.Publish();
        Send(datapath, s_frame, 3);
        datapath.Publish();
        datapath.Publish();
        Assert.True(datapath.Retire(Port, serialBefore: datapath.Current.Serial - 1));
        datapath.Send(s_frame);
        datapath.Free(Port);
        // The flow is reborn, and comes to the number that the dead state was at.
        Send(datapath, s_frame, 4);
        return Repetitions(datapath);
    }

    internal static string? RecycledElementOfTheHash(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        datapath.Publish();
        Send(datapath, s_frame, 5);
        Send(datapath, s_otherFrame, 2);
        datapath.Lead(Port, datapath.SlotOf(OtherPort));
        datapath.Send(s_frame);
        return Repetitions(datapath);
    }

    internal static string? ProcessorThatRemembersAFormerLife(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        datapath.Publish();
        Processors.RunOnOne(() => Send(datapath, s_frame, 1));
        uint formerSlot = datapath.SlotOf(Port);
        datapath.Publish();
        datapath.Publish();
        Assert.True(datapath.Retire(Port, serialBefore: datapath.Current.Serial - 1));
        datapath.Free(Port);
        // Of two processors that made the flow anew, one filled another slot, and the one that lost filled the former slot.
        Send(datapath, s_otherFrame, 1);
        uint slot = datapath.SlotOf(OtherPort);
        datapath.ChangeState(slot, Fill);
        datapath.ChangeState(formerSlot, Fill);
        datapath.Lead(Port, slot);
        Processors.RunOnOne(() => Send(datapath, s_frame, 1));
        Processors.RunAtOnce(() => { }, () => Send(datapath, s_frame, 1));
        return Repetitions(datapath);

        static void Fill(ref AbiFlowState state)
        {
            (state.Flow, state.Dead, state.Birth) = (FlowSurgery.Flow(Port), 0, state.Birth + 1);
            (state.Serial, state.TakenInSerial, state.NextPsntp) = (0, 0, 0);
        }
    }

    internal static string? AgentThatStoppedWorking(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        datapath.Publish(deadlineNs: BootClock.NowNs);
        return datapath.Send(s_frame) is null ? null : "sealed a packet past the deadline of its epoch";
    }

    // Packets that are sealed with the guard and without it.
    private static void Send(SealingDatapath datapath, byte[] frame, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.NotNull(datapath.Send(frame));
    }

    private static string? Repetitions(SealingDatapath datapath)
    {
        Assert.Equal(0, datapath.Ledger.Unopened);
        return datapath.Ledger.Repetitions == 0 ? null : $"repeated a key and nonce: {datapath.Ledger}";
    }
}
