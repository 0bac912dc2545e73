using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// The keys of one epoch, in a kernel map of their own. It is filled ahead of its time, then published as a whole;
/// pairs may be added afterwards, but none is ever changed: whoever found a key holds serial, epoch and deadline that
/// belong to it (protocol reference, section 6). Thread-safe.
/// </summary>
public sealed class SendingEpoch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<AddressPair> _pairs = [];

    internal SendingEpoch(KernelDatapath owner, ulong serial, ushort epoch, ulong deadlineNs, int maxPairs)
    {
        (Owner, Serial, Epoch, DeadlineNs) = (owner, serial, epoch, deadlineNs);
        Map = BpfMap.Create(
            Libbpf.MapTypeHash, "pdm6_epoch", Marshal.SizeOf<AbiPair>(), Marshal.SizeOf<AbiSendingPair>(), (uint)maxPairs, Libbpf.MapNoPrealloc);
    }

    /// <summary>Rises with every epoch that is published.</summary>
    public ulong Serial { get; }

    /// <summary>The 12-bit selector.</summary>
    public ushort Epoch { get; }

    /// <summary>Boot clock: nothing is sealed from then on.</summary>
    public ulong DeadlineNs { get; }

    /// <summary>Pairs that have a key.</summary>
    public int PairCount
    {
        get
        {
            lock (_lock)
                return _pairs.Count;
        }
    }

    /// <summary>A copy of the pairs that have a key.</summary>
    public IReadOnlyCollection<AddressPair> Pairs
    {
        get
        {
            lock (_lock)
                return [.. _pairs];
        }
    }

    /// <summary>The only one that may publish it.</summary>
    internal KernelDatapath Owner { get; }

    internal BpfMap Map { get; }

    /// <summary>True if the pair has a key.</summary>
    public bool Contains(AddressPair pair)
    {
        lock (_lock)
            return _pairs.Contains(pair);
    }

    /// <summary>Adds a pair's key. False if the pair has one: it stays as it is.</summary>
    /// <param name="pair">Whose.</param>
    /// <param name="packedKey">As KernelKey packed it.</param>
    /// <param name="path">The pair's <see cref="PathTable.IndexOf"/>; 0 if nobody watches its path.</param>
    /// <exception cref="DatapathException">No room for more pairs.</exception>
    public bool TryAdd(AddressPair pair, ReadOnlySpan<byte> packedKey, uint path = 0)
    {
        AbiSendingPair value = new() { Serial = Serial, Epoch = Epoch, DeadlineNs = DeadlineNs, Path = path };
        try
        {
            AbiKey.Copy(packedKey, ref value.Key);
            lock (_lock)
            {
                if (!Map.TryAdd(AbiPair.From(pair), value))
                    return false;
                _pairs.Add(pair);
                return true;
            }
        }
        finally
        {
            Erase(ref value);
        }
    }

    /// <summary>
    /// Options sealed so far, for each pair and rule that has any. Final once
    /// <see cref="KernelDatapath.Publish"/> has replaced this epoch, or after <see cref="KernelDatapath.Detach"/>.
    /// </summary>
    public unsafe IReadOnlyList<SealedCount> ReadSealed()
    {
        List<SealedCount> counts = [];
        lock (_lock)
        {
            foreach (AddressPair pair in _pairs)
            {
                Map.TryGet(AbiPair.From(pair), out AbiSendingPair value);
                for (int rule = 0; rule < AbiLimits.MaxRules; rule++)
                    if (value.Sealed[rule] != 0)
                        counts.Add(new SealedCount(pair, rule, value.Sealed[rule]));
                Erase(ref value);
            }
        }
        return counts;
    }

    /// <summary>Lets the map go. The kernel keeps it while it is published.</summary>
    public void Dispose() => Map.Dispose();

    private static void Erase(ref AbiSendingPair value) =>
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<AbiSendingPair>(ref value)));
}
