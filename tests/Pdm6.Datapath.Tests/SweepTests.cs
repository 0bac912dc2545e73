using Pdm6.Datapath.Abi;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>Removal of flows: what is idle goes, what is not stays, and a slot is handed on once.</summary>
public class SweepTests
{
    private const ulong SerialBefore = 10;
    private const ulong IdleSince = 1000;

    [KernelTheory]
    [InlineData(9, 999, 999, true)]
    [InlineData(0, 0, 999, true)] // never sent
    [InlineData(10, 999, 999, false)] // took a number in the previous epoch
    [InlineData(9, 1000, 0, false)] // sent in the previous epoch
    [InlineData(9, 0, 1000, false)] // received in the previous epoch
    public void Sweep_Flow_GoesOnlyIfIdleInEveryRespect(ulong serial, ulong sentNs, ulong receivedNs, bool removed)
    {
        using KernelDatapath datapath = Load();
        AddFlow(datapath, 1, serial, sentNs, receivedNs);

        SweepResult result = datapath.Sweep(SerialBefore, IdleSince);

        Assert.Equal(removed ? new SweepResult(0, 1) : new SweepResult(1, 0), result);
        Assert.Equal(!removed, datapath.Map("flows").TryGet(Flow(1), out uint _));
    }

    [KernelFact]
    public void Sweep_RemovedFlow_FreesItsSlotOnce()
    {
        using KernelDatapath datapath = Load(flowTableSize: 8);
        uint[] slots = [.. Enumerable.Range(0, 8).Select(i => AddFlow(datapath, (ushort)i, 1, 1, 1))];
        Assert.False(datapath.TryPopFreeSlot(out _));

        Assert.Equal(new SweepResult(0, 8), datapath.Sweep(SerialBefore, IdleSince));
        Assert.Equal(new SweepResult(0, 0), datapath.Sweep(SerialBefore, IdleSince));

        HashSet<uint> free = [];
        while (datapath.TryPopFreeSlot(out uint slot))
            Assert.True(free.Add(slot), $"slot {slot} is free twice");
        Assert.Equal(slots.Order(), free.Order());
    }

    [KernelFact]
    public void Sweep_SlotWhoseFlowLivesInAnother_IsNotTouched()
    {
        using KernelDatapath datapath = Load();
        uint winner = AddFlow(datapath, 1, 10, 5000, 5000);
        // The loser of a race to make the flow: its slot has the five fields and is back in the queue.
        Assert.True(datapath.TryPopFreeSlot(out uint loser));
        datapath.Map("slots").Set(loser, new AbiFlowState { Flow = Flow(1) });
        datapath.Map("free_slots").Push(loser);

        Assert.Equal(new SweepResult(1, 0), datapath.Sweep(SerialBefore, IdleSince));

        Assert.True(datapath.Map("flows").TryGet(Flow(1), out uint owner));
        Assert.Equal(winner, owner);
    }

    [KernelFact]
    public void Sweep_RetiredState_IsDeadForWhoStillHoldsIt()
    {
        using KernelDatapath datapath = Load();
        uint slot = AddFlow(datapath, 1, 1, 1, 1);

        datapath.Sweep(SerialBefore, IdleSince);

        Assert.True(datapath.Map("slots").TryGet(slot, out AbiFlowState state));
        Assert.Equal(1u, state.Dead);
    }

    // The epoch in use is the one behind that before which flows are idle.
    private static KernelDatapath Load(int flowTableSize = 16)
    {
        KernelDatapath datapath = TestDatapath.Load(flowTableSize);
        datapath.Publish(datapath.PrepareEpoch(SerialBefore + 1, 0, 1));
        return datapath;
    }

    private static uint AddFlow(KernelDatapath datapath, ushort port, ulong serial, ulong sentNs, ulong receivedNs)
    {
        Assert.True(datapath.TryPopFreeSlot(out uint slot));
        datapath.Map("slots").Set(slot, new AbiFlowState { Flow = Flow(port), Serial = serial, SentNs = sentNs, ReceivedNs = receivedNs });
        Assert.True(datapath.Map("flows").TryAdd(Flow(port), slot));
        return slot;
    }

    private static AbiFlow Flow(ushort port) =>
        AbiFlow.From(new FlowKey(TestDatapath.Pair.Source, TestDatapath.Pair.Destination, NextHeader.Udp, port, 53));
}
