using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// Prepares the next numbers of busy flows, so that their packets need not wait for AES. Lanes are memory that the
/// kernel programs share: what is in it is as secret as the keys. A flow without a lane, or one whose lane ran dry, is
/// sealed in place.
/// <para>For one thread. Nothing here decides about numbers: the kernel takes them under the flow's lock, whether
/// something is prepared or not.</para>
/// </summary>
public sealed unsafe class NumberLanes : IDisposable
{
    private readonly BpfMap _flows;
    private readonly BpfProgram _prepare;
    private readonly GracePeriod _grace;
    private readonly Func<ulong, SendingEpoch?> _epochOf;
    private readonly AbiLane* _memory;
    private readonly Stack<int> _free = new();
    private readonly List<NumberLane> _bound = [];
    private readonly List<int> _released = [];
    private bool _disposed;

    internal NumberLanes(BpfObject programs, GracePeriod grace, Func<ulong, SendingEpoch?> epochOf)
    {
        _flows = programs.Map("flows");
        _prepare = programs.Program("pdm6_prepare");
        _grace = grace;
        _epochOf = epochOf;
        _memory = (AbiLane*)Libc.mmap(
            null, MemorySize, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared, programs.Map("lanes").Descriptor, 0);
        if ((nint)_memory == -1)
            throw DatapathException.FromErrno(Marshal.GetLastPInvokeError(), "Mapping the lanes");
        for (int i = AbiLimits.Lanes - 1; i >= 0; i--)
            _free.Push(i);
    }

    /// <summary>Numbers that are prepared ahead for a flow.</summary>
    public static int NumbersAhead => AbiLimits.LaneNumbers;

    /// <summary>Flows that have a lane.</summary>
    public int BoundCount => _bound.Count;

    private static nuint MemorySize
    {
        get
        {
            nuint page = (nuint)Environment.SystemPageSize;
            return ((nuint)sizeof(AbiLane) * AbiLimits.Lanes + page - 1) / page * page;
        }
    }

    /// <summary>Gives a flow a lane and fills it; its lane for another carriage is taken back then. False if it has one, if
    /// that for another carriage must be held longer, if all are in use, or if the flow or its epoch is gone.</summary>
    /// <param name="busy">What the kernel reported.</param>
    /// <param name="source">Makes this flow's material under the key of this serial, for this carriage. Left to the caller
    /// if the answer is false.</param>
    /// <param name="shortestHold">So long a flow keeps its lane, whatever carries its packets meanwhile: filling, erasing and
    /// reclaiming a lane costs more than it saves a flow that takes its carriages in turn.</param>
    public bool TryBind(in BusyFlow busy, INumberSource source, TimeSpan shortestHold = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(_disposed, this);
        AbiFlow flow = AbiFlow.From(busy.Flow);
        if (IsBound(busy) || _epochOf(busy.Serial) is not { } epoch || !_flows.TryGet(flow, out uint slot))
            return false;
        NumberLane? former = FindOfAnotherCarriage(busy);
        if (former is not null && Environment.TickCount64 - former.BoundAtMs < shortestHold.TotalMilliseconds)
            return false;
        if (_free.Count + _released.Count == 0 && former is not null)
        {
            Release(former); // the only one to be had
            former = null;
        }
        if (_free.Count == 0)
            ReclaimReleased();
        if (!_free.TryPop(out int index))
            return false;
        NumberLane lane = new(_prepare, _memory + index, index, slot, flow, busy, source, epoch.Lanes);
        _bound.Add(lane); // so that it is let go one day, whatever fails now
        if (!lane.Begin())
        {
            _bound.Remove(lane);
            _released.Add(index);
            return false;
        }
        // Packets take from the new lane since it began: two would take the flow from each other when they are topped up.
        if (former is not null)
            Release(former);
        return true;
    }

    /// <summary>True if this flow has a lane for this serial and carriage.</summary>
    public bool IsBound(in BusyFlow busy)
    {
        foreach (NumberLane lane in _bound)
            if (lane.Busy == busy)
                return true;
        return false;
    }

    /// <summary>Tops every lane up, and takes lanes back from flows that went on to another epoch, are gone, or took no
    /// number for so long. Returns how many numbers were prepared.</summary>
    public int Refill(TimeSpan longestPause)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int prepared = 0;
        for (int i = _bound.Count - 1; i >= 0; i--)
        {
            NumberLane lane = _bound[i];
            prepared += lane.Refill();
            if (lane.IsAlive && Environment.TickCount64 - lane.UsedAtMs <= longestPause.TotalMilliseconds)
                continue;
            Release(lane);
        }
        return prepared;
    }

    /// <summary>Takes every lane back, erases it and lets the memory go.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        while (_bound.Count > 0)
            Release(_bound[^1]);
        ReclaimReleased();
        // munmap fails only for addresses that mmap did not give
        _ = Libc.munmap(_memory, MemorySize);
    }

    // There is one at most: a flow has one lane under one serial.
    private NumberLane? FindOfAnotherCarriage(in BusyFlow busy)
    {
        foreach (NumberLane lane in _bound)
            if (lane.Busy.Flow == busy.Flow && lane.Busy.Serial == busy.Serial)
                return lane;
        return null;
    }

    private void Release(NumberLane lane)
    {
        lane.End();
        _released.Add(lane.Index);
        _bound.Remove(lane);
    }

    // A packet that claimed its number may still be reading the products.
    private void ReclaimReleased()
    {
        if (_released.Count == 0)
            return;
        _grace.Wait();
        foreach (int index in _released)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_memory + index, sizeof(AbiLane)));
            _free.Push(index);
        }
        _released.Clear();
    }
}
