using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// What the programs read for every packet, in memory shared with them. Each generation is one word, so a packet sees
/// the former or the new one. Thread-safe.
/// </summary>
internal sealed unsafe class SharedSettings : IDisposable
{
    private readonly Lock _lock = new();
    private readonly AbiSettings* _memory;
    private bool _disposed;

    internal SharedSettings(BpfMap settings, DatapathOptions options)
    {
        _memory = (AbiSettings*)Libc.mmap(
            null, MemorySize, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared, settings.Descriptor, 0);
        if ((nint)_memory == -1)
            throw DatapathException.FromErrno(Marshal.GetLastPInvokeError(), "Mapping the settings");
        *_memory = new AbiSettings
        {
            Pairs = 1,
            OptionType = options.OptionType,
            PathMtu = (uint)options.PathMtu,
            Strip = options.Strip ? 1u : 0u,
            ReportUnknownPairs = options.ReportUnknownPairs ? 1u : 0u,
            ReportBusyFlows = options.ReportBusyFlows ? 1u : 0u,
            AcceptClear = options.AcceptClearOptions ? 1u : 0u,
            UdpExid = options.UdpOptionExId,
        };
    }

    private static nuint MemorySize
    {
        get
        {
            nuint page = (nuint)Environment.SystemPageSize;
            return ((nuint)sizeof(AbiSettings) + page - 1) / page * page;
        }
    }

    /// <summary>From now on packets fall under the policy of this generation.</summary>
    internal void UsePolicy(uint generation)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Volatile.Write(ref _memory->Policy, generation);
        }
    }

    /// <summary>From now on processors look anew for what they remember of pairs. To be called after every change of that;
    /// runs that began before go on with what they know (<see cref="GracePeriod"/>).</summary>
    internal void ForgetPairs()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            uint next = _memory->Pairs + 1;
            Volatile.Write(ref _memory->Pairs, next == 0 ? 1 : next); // 0 is the generation of what was never remembered
        }
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
