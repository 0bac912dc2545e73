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

    internal SendingEpoch(KernelDatapath owner, ulong serial, ushort epoch, ulong deadlineNs, int maxPairs, bool hasFrames)
    {
        (Owner, Serial, Epoch, DeadlineNs) = (owner, serial, epoch, deadlineNs);
        Map = BpfMap.Create(
            Libbpf.MapTypeHash, "pdm6_epoch", Marshal.SizeOf<AbiPair>(), Marshal.SizeOf<AbiSendingPair>(), (uint)maxPairs, Libbpf.MapNoPrealloc);
        if (hasFrames)
            Frames = BpfMap.Create(
                Libbpf.MapTypeHash, "pdm6_frames", Marshal.SizeOf<AbiPair>(), Marshal.SizeOf<AbiFramePair>(), (uint)maxPairs, Libbpf.MapNoPrealloc);
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

    /// <summary>Options that were sealed with prepared numbers.</summary>
    internal LaneCounts Lanes { get; } = new();

    /// <summary>Null: no udp-frames in this epoch.</summary>
    internal BpfMap? Frames { get; }

    /// <summary>True if pairs can have a key for udp-frames.</summary>
    public bool HasFrames => Frames is not null;

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

    /// <summary>Adds a pair's key for udp-frames. False if the pair has one: it stays as it is, and so does the count of the
    /// numbers that were taken from it.</summary>
    /// <param name="pair">Whose: one that has the other key.</param>
    /// <param name="packedKey">As <see cref="KernelKey.PackForFrames"/> packed it.</param>
    /// <exception cref="InvalidOperationException">The epoch was prepared without udp-frames, or the pair has no other
    /// key.</exception>
    /// <exception cref="DatapathException">No room for more pairs.</exception>
    public bool TryAddFrameKey(AddressPair pair, ReadOnlySpan<byte> packedKey)
    {
        if (Frames is null)
            throw new InvalidOperationException("The epoch was prepared without udp-frames.");
        if (!Contains(pair))
            throw new InvalidOperationException("The pair has no key for options, without which no packet gets as far as a frame.");
        AbiFramePair value = new() { Serial = Serial, Epoch = Epoch, DeadlineNs = DeadlineNs };
        try
        {
            AbiKey.Copy(packedKey, ref value.Key);
            return Frames.TryAdd(AbiPair.From(pair), value);
        }
        finally
        {
            Erase(ref value);
        }
    }

    /// <summary>
    /// Options and udp-frames sealed so far, for each pair and rule that has any. Final once
    /// <see cref="KernelDatapath.Publish"/> has replaced this epoch, or after <see cref="KernelDatapath.Detach"/>.
    /// </summary>
    public unsafe IReadOnlyList<SealedCount> ReadSealed()
    {
        List<SealedCount> counts = [];
        lock (_lock)
        {
            foreach (AddressPair pair in _pairs)
            {
                AbiFramePair frames = default;
                Map.TryGet(AbiPair.From(pair), out AbiSendingPair options);
                Frames?.TryGet(AbiPair.From(pair), out frames);
                Lanes.AddTo(pair, new Span<ulong>(options.Sealed, AbiLimits.MaxRules));
                for (int rule = 0; rule < AbiLimits.MaxRules; rule++)
                    if (options.Sealed[rule] + frames.Sealed[rule] is > 0 and var sealedCount)
                        counts.Add(new SealedCount(pair, rule, sealedCount));
                Erase(ref options);
                Erase(ref frames);
            }
        }
        return counts;
    }

    /// <summary>Lets the map go. The kernel keeps it while it is published.</summary>
    public void Dispose()
    {
        Map.Dispose();
        Frames?.Dispose();
    }

    private static void Erase<T>(ref T value) where T : unmanaged =>
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<T>(ref value)));
}
