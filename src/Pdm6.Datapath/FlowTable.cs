using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// User space's part of the flow table: only here is a flow's state ever removed. A flow that is removed too early
/// would be reborn under the same key and could meet a number that was used (protocol reference, section 6), hence the
/// order: dead under the flow's lock, where it is checked again that it is idle; grace period; out of the hash; grace
/// period; and only then is the slot free for another flow.
/// </summary>
internal sealed class FlowTable(BpfObject programs, GracePeriod grace)
{
    // A run of the program keeps its processor to itself: for some milliseconds, not longer.
    private const uint OfferedTogether = 65536;

    private readonly BpfMap _flows = programs.Map("flows");
    private readonly BpfMap _slots = programs.Map("slots");
    private readonly BpfMap _freeSlots = programs.Map("free_slots");
    private readonly BpfProgram _offer = programs.Program("pdm6_offer_slots");
    private readonly BpfProgram _retire = programs.Program("pdm6_retire");
    private readonly Lock _lock = new();

    internal void FillFreeSlots()
    {
        for (uint first = 0; first < _slots.MaxEntries; first += OfferedTogether)
        {
            AbiOfferRequest request = new() { First = first, Count = Math.Min(OfferedTogether, _slots.MaxEntries - first) };
            if (_offer.TestRun(MemoryMarshal.AsBytes(new ReadOnlySpan<AbiOfferRequest>(in request))).ReturnValue != 1)
                throw new DatapathException($"The flow table could not be filled with its {_slots.MaxEntries} free slots.");
        }
    }

    internal SweepResult Sweep(ulong serialBefore, ulong idleSinceNs)
    {
        lock (_lock)
        {
            AbiFlowState[] states = new AbiFlowState[_slots.MaxEntries];
            _slots.GetArray<AbiFlowState>(states);
            int inUse = 0;
            List<uint> retired = [];
            for (uint slot = 0; slot < states.Length; slot++)
            {
                ref readonly AbiFlowState state = ref states[slot];
                if (!Owns(state, slot))
                    continue;
                bool idle = state.Serial < serialBefore && state.SentNs < idleSinceNs && state.ReceivedNs < idleSinceNs;
                if (idle && Retire(slot, state.Flow, serialBefore, idleSinceNs))
                    retired.Add(slot);
                else
                    inUse++;
            }
            if (retired.Count > 0)
                Free(retired, states);
            return new SweepResult(inUse, retired.Count);
        }
    }

    // A slot that lost the race to be a flow's first is back among the free ones with that flow's five fields in it:
    // the hash decides whose slot it is.
    private bool Owns(in AbiFlowState state, uint slot) =>
        state.Dead == 0 && HasAddress(state.Flow)
        && _flows.TryGet(state.Flow, out uint owner) && owner == slot;

    private static unsafe bool HasAddress(in AbiFlow flow)
    {
        fixed (byte* source = flow.Source)
            return new ReadOnlySpan<byte>(source, 16).ContainsAnyExcept((byte)0);
    }

    private bool Retire(uint slot, in AbiFlow flow, ulong serialBefore, ulong idleSinceNs)
    {
        AbiRetireRequest request = new() { Slot = slot, Flow = flow, SerialBefore = serialBefore, IdleSinceNs = idleSinceNs };
        return _retire.TestRun(MemoryMarshal.AsBytes(new ReadOnlySpan<AbiRetireRequest>(in request))).ReturnValue == 1;
    }

    private void Free(List<uint> retired, AbiFlowState[] states)
    {
        grace.Wait();
        foreach (uint slot in retired)
            _flows.Remove(states[slot].Flow);
        grace.Wait();
        foreach (uint slot in retired)
            _freeSlots.Push(slot);
    }
}
