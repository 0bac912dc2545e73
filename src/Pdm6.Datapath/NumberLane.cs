using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>One flow's lane: bound once, let go once.</summary>
internal sealed unsafe class NumberLane(
    BpfProgram prepare, AbiLane* memory, int index, uint slot, AbiFlow flow, BusyFlow busy, INumberSource source,
    LaneCounts counts)
{
    private uint _first, _end;

    internal int Index => index;

    internal BusyFlow Busy => busy;

    /// <summary>False if the flow is gone, took its last number in another epoch, or could not be served: then the lane
    /// is to be let go.</summary>
    internal bool IsAlive { get; private set; }

    /// <summary>When the lane was bound, milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long BoundAtMs { get; } = Environment.TickCount64;

    /// <summary>When the flow was last seen to take numbers, milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long UsedAtMs { get; private set; } = Environment.TickCount64;

    /// <summary>Binds the flow to the lane, empty at first: from then on the next number is known. False if the flow is
    /// gone; the lane is let go then.</summary>
    internal bool Begin()
    {
        source.WriteProducts(new Span<byte>(memory->Products, AbiLane.ProductsSize));
        if (!Publish(busy.Serial))
        {
            Publish(serial: 0);
            return false;
        }
        counts.Begin(Pair, memory);
        _first = _end = memory->NextPsntp;
        IsAlive = true;
        Refill();
        return true;
    }

    /// <summary>Prepares as many numbers as there is room for; returns how many.</summary>
    internal int Refill()
    {
        if (!IsAlive)
            return 0;
        IsAlive = false; // until all of this has succeeded
        // All places before the next number are free: their material was claimed, or was for numbers taken without it.
        uint next = memory->NextPsntp;
        uint begin = IsBefore(_end, next) ? next : _end;
        uint count = next + AbiLimits.LaneNumbers - begin;
        Write(begin, count);
        (_first, _end) = (next, begin + count);
        IsAlive = Publish(busy.Serial) && memory->Serial <= busy.Serial;
        // Packets did not wait: what was made for numbers that are gone by now is never claimed.
        uint late = Math.Min(memory->NextPsntp - begin, count);
        if (!IsBefore(memory->NextPsntp, begin))
            Erase(begin, late);
        if (count > 0)
            UsedAtMs = Environment.TickCount64;
        return (int)count;
    }

    /// <summary>Lets the flow go. The products stay until a grace period is over.</summary>
    internal void End()
    {
        Publish(serial: 0);
        counts.End(Pair, memory);
        CryptographicOperations.ZeroMemory(new Span<byte>(memory->Numbers, AbiLimits.LaneNumbers * INumberSource.NumberSize));
        source.Dispose();
    }

    private AddressPair Pair => new(busy.Flow.Source, busy.Flow.Destination);

    private bool Publish(ulong serial)
    {
        AbiPrepareRequest request = new()
        {
            Slot = slot, Lane = (uint)index + 1, Flow = flow, Serial = serial, First = _first, End = _end, Carriage = (uint)busy.Carriage,
        };
        return prepare.TestRun(MemoryMarshal.AsBytes(new ReadOnlySpan<AbiPrepareRequest>(in request))).ReturnValue == 1;
    }

    private void Write(uint begin, uint count)
    {
        foreach ((uint number, Range places) in Places(begin, count))
            source.WriteNumbers(number, Numbers[places]);
    }

    private void Erase(uint begin, uint count)
    {
        foreach ((_, Range places) in Places(begin, count))
            CryptographicOperations.ZeroMemory(Numbers[places]);
    }

    private Span<byte> Numbers => new(memory->Numbers, AbiLimits.LaneNumbers * INumberSource.NumberSize);

    // Consecutive numbers lie in one piece, or in two around the end of the lane.
    private static (uint Number, Range Places)[] Places(uint begin, uint count)
    {
        int place = (int)(begin % AbiLimits.LaneNumbers);
        int before = (int)Math.Min(count, (uint)(AbiLimits.LaneNumbers - place));
        return
        [
            (begin, (place * INumberSource.NumberSize)..((place + before) * INumberSource.NumberSize)),
            (begin + (uint)before, ..(((int)count - before) * INumberSource.NumberSize)),
        ];
    }

    // RFC 1982 serial number arithmetic.
    private static bool IsBefore(uint a, uint b) => (int)(a - b) < 0;
}
