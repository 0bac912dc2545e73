using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// What the paths of address pairs lose, in memory that the egress program reads, and remembers until it is told that
/// something changed: a change acts at once, in all epochs, and no key object is touched. The program notes there, too, which pairs are in use.
/// Thread-safe.
/// </summary>
public sealed unsafe class PathTable : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SharedSettings _settings;
    private readonly AbiPath* _memory;
    private readonly Dictionary<AddressPair, uint> _indices = [];
    private readonly Stack<uint> _free = new();
    private uint _next = 1; // 0 stands for a path that nobody watches
    private bool _disposed;

    internal PathTable(BpfMap paths, SharedSettings settings)
    {
        _settings = settings;
        _memory = (AbiPath*)Libc.mmap(
            null, MemorySize, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared, paths.Descriptor, 0);
        if ((nint)_memory == -1)
            throw DatapathException.FromErrno(Marshal.GetLastPInvokeError(), "Mapping the paths");
    }

    /// <summary>Where agents ask each other what arrives: UDP. Neither program touches these packets.</summary>
    public const int ProbePort = AbiLimits.PathPort;

    private static nuint MemorySize
    {
        get
        {
            nuint page = (nuint)Environment.SystemPageSize;
            return ((nuint)sizeof(AbiPath) * AbiLimits.Paths + page - 1) / page * page;
        }
    }

    /// <summary>The place of a pair, which it gets now if it has none; 0 if all are taken: then nothing is known of its
    /// path, and it is sent what the rules say.</summary>
    public uint IndexOf(AddressPair pair)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_indices.TryGetValue(pair, out uint known))
                return known;
            if (!_free.TryPop(out uint index))
            {
                if (_next == AbiLimits.Paths)
                    return 0;
                index = _next++;
            }
            _memory[index] = default;
            _indices.Add(pair, index);
            return index;
        }
    }

    /// <summary>Forgets all pairs but these. No epoch that packets may be sealed in may hold one that is
    /// forgotten.</summary>
    public void Keep(IReadOnlySet<AddressPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        lock (_lock)
            foreach ((AddressPair pair, uint index) in _indices.Where(entry => !pairs.Contains(entry.Key)).ToArray())
            {
                _indices.Remove(pair);
                _free.Push(index);
            }
    }

    /// <summary>Says what the path of a pair loses. False if the pair has no place (any more).</summary>
    public bool TrySet(AddressPair pair, LostForms lost)
    {
        lock (_lock)
        {
            if (_disposed || !_indices.TryGetValue(pair, out uint index))
                return false;
            if (Volatile.Read(ref _memory[index].Lost) == (uint)lost)
                return true;
            Volatile.Write(ref _memory[index].Lost, (uint)lost);
            _settings.ForgetPairs();
            return true;
        }
    }

    /// <summary>What the path of a pair loses, as <see cref="TrySet"/> said.</summary>
    public LostForms LostOf(AddressPair pair)
    {
        lock (_lock)
            return !_disposed && _indices.TryGetValue(pair, out uint index) ? (LostForms)Volatile.Read(ref _memory[index].Lost) : 0;
    }

    /// <summary>The pairs that a rule chose a packet of since a boot time.</summary>
    public IReadOnlyList<AddressPair> InUseSince(ulong bootNs)
    {
        lock (_lock)
            return _disposed ? [] : [.. _indices.Where(entry => Volatile.Read(ref _memory[entry.Value].UsedNs) >= bootNs).Select(entry => entry.Key)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_disposed)
                _ = Libc.munmap(_memory, MemorySize); // fails for wrong arguments only
            _disposed = true;
        }
    }
}
