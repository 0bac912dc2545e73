using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>Puts the flow table into states that else only a race could reach, so that an attack needs no luck.</summary>
internal static class FlowSurgery
{
    /// <summary>The flow of <see cref="SealingDatapath.Frame"/>.</summary>
    internal static AbiFlow Flow(ushort sourcePort) => AbiFlow.From(
        new FlowKey(SealingDatapath.Pair.Source, SealingDatapath.Pair.Destination, NextHeader.Udp, sourcePort, 53));

    internal static uint SlotOf(this SealingDatapath datapath, ushort sourcePort)
    {
        Assert.True(datapath.Kernel.Map("flows").TryGet(Flow(sourcePort), out uint slot), $"no flow from port {sourcePort}");
        return slot;
    }

    internal static bool HasFlow(this SealingDatapath datapath, ushort sourcePort) => datapath.Kernel.Map("flows").TryGet(Flow(sourcePort), out uint _);

    /// <summary>Makes the hash lead a flow to a slot, as a recycled element does.</summary>
    internal static void Lead(this SealingDatapath datapath, ushort sourcePort, uint slot) =>
        datapath.Kernel.Map("flows").Set(Flow(sourcePort), slot);

    internal delegate void Change(ref AbiFlowState state);

    internal static void ChangeState(this SealingDatapath datapath, uint slot, Change change)
    {
        BpfMap slots = datapath.Kernel.Map("slots");
        Assert.True(slots.TryGet(slot, out AbiFlowState state));
        change(ref state);
        slots.Set(slot, state);
    }

    /// <summary>What the first lane holds for a number: keystream and tag mask.</summary>
    internal static ReadOnlySpan<ulong> PreparedFor(this SealingDatapath datapath, uint psntp) =>
        datapath.Prepared().AsSpan((int)(psntp % AbiLimits.LaneNumbers) * 4, 4);

    /// <summary>What the first lane holds for all numbers.</summary>
    internal static unsafe ulong[] Prepared(this SealingDatapath datapath)
    {
        Assert.True(datapath.Kernel.Map("lanes").TryGet(0u, out AbiLane lane));
        return new ReadOnlySpan<ulong>(lane.Numbers, AbiLimits.LaneNumbers * 4).ToArray();
    }

    /// <summary>The kernel's part of a sweep alone. True: the flow is dead now.</summary>
    internal static bool Retire(this SealingDatapath datapath, ushort sourcePort, ulong serialBefore)
    {
        AbiRetireRequest request = new()
        {
            Slot = datapath.SlotOf(sourcePort), Flow = Flow(sourcePort), SerialBefore = serialBefore, IdleSinceNs = ulong.MaxValue,
        };
        return datapath.Kernel.Program("pdm6_retire")
            .TestRun(MemoryMarshal.AsBytes(new ReadOnlySpan<AbiRetireRequest>(in request))).ReturnValue == 1;
    }

    /// <summary>The rest of a sweep: out of the hash, back to the free ones.</summary>
    internal static void Free(this SealingDatapath datapath, ushort sourcePort)
    {
        uint slot = datapath.SlotOf(sourcePort);
        Assert.True(datapath.Kernel.Map("flows").Remove(Flow(sourcePort)));
        datapath.Kernel.Map("free_slots").Push(slot);
    }
}
