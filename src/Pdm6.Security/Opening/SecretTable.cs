using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pdm6.Security.Native;

namespace Pdm6.Security.Opening;

/// <summary>
/// A bounded cache of secrets: a hash index over numbered slots. A full table gives up the secret that was not used for
/// a round of the clock hand (second chance). What leaves is zeroed. Slots lie in pinned memory, so that the garbage
/// collector makes no copies, and do not move while their entry lives. Not for several threads.
/// </summary>
/// <typeparam name="TKey">What a secret belongs to; its hash code must be good in the low bits.</typeparam>
/// <typeparam name="TValue">The secret.</typeparam>
internal sealed class SecretTable<TKey, TValue> : IDisposable
    where TKey : unmanaged, IEquatable<TKey>
    where TValue : unmanaged
{
    private const int FirstCapacity = 256;

    private struct Entry
    {
        public TKey Key;
        public TValue Value;
        public uint Hash;
        public bool Occupied;
        public bool Used; // since the clock hand last passed
    }

    private readonly int _limit;
    private readonly Action<int>? _emptied;
    private readonly Stack<int> _free = new();
    private Entry[] _entries;
    // Twice as many buckets as slots, linear probing; hash in the high half, slot + 1 in the low one, 0 if empty.
    private ulong[] _buckets;
    private int _fresh; // slots from here on were never used
    private int _hand;

    /// <summary>An empty table.</summary>
    /// <param name="limit">The most entries it holds.</param>
    /// <param name="emptied">Told of every slot that loses its entry, before another may take it.</param>
    public SecretTable(int limit, Action<int>? emptied = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = limit;
        _emptied = emptied;
        int capacity = Math.Min(limit, FirstCapacity);
        _entries = GC.AllocateArray<Entry>(capacity, pinned: true);
        _buckets = new ulong[BucketCount(capacity)];
    }

    public int Count => _fresh - _free.Count;

    public static uint HashOf(in TKey key) => (uint)key.GetHashCode();

    /// <summary>The slot of a key, or -1.</summary>
    public int Find(in TKey key, uint hash)
    {
        int mask = _buckets.Length - 1;
        for (int bucket = (int)hash & mask; _buckets[bucket] != 0; bucket = (bucket + 1) & mask)
        {
            if ((uint)(_buckets[bucket] >> 32) != hash)
                continue;
            int slot = SlotOf(_buckets[bucket]);
            ref Entry entry = ref _entries[slot];
            if (!entry.Key.Equals(key))
                continue;
            if (!entry.Used)
                entry.Used = true;
            return slot;
        }
        return -1;
    }

    /// <summary>The secret in a slot.</summary>
    public ref TValue At(int slot) => ref _entries[slot].Value;

    /// <summary>Makes a slot, all zero, for a key that the table does not hold.</summary>
    public int Add(in TKey key, uint hash)
    {
        int slot = TakeSlot();
        ref Entry entry = ref _entries[slot];
        entry.Key = key;
        entry.Hash = hash;
        entry.Occupied = true;
        entry.Used = true;
        Link(hash, slot);
        return slot;
    }

    /// <summary>Removes what belongs to certain keys.</summary>
    public void RemoveWhere(Predicate<TKey> belongs)
    {
        for (int slot = 0; slot < _fresh; slot++)
            if (_entries[slot].Occupied && belongs(_entries[slot].Key))
            {
                Empty(slot);
                _free.Push(slot);
            }
    }

    /// <summary>First of two steps ahead of <see cref="Find"/>: where the index will be read.</summary>
    public void PrefetchBucket(uint hash) => Prefetch.Value(ref _buckets[(int)hash & (_buckets.Length - 1)]);

    /// <summary>Second step: the slot that the index most likely names, or -1.</summary>
    public int PrefetchEntry(uint hash)
    {
        int slot = SlotOf(_buckets[(int)hash & (_buckets.Length - 1)]);
        if (slot >= 0)
            Prefetch.Value(ref _entries[slot]);
        return slot;
    }

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        RemoveWhere(static _ => true);
        Zero(_entries);
    }

    private int TakeSlot()
    {
        if (_free.TryPop(out int slot))
            return slot;
        if (_fresh == _entries.Length && _fresh < _limit)
            Grow();
        if (_fresh < _entries.Length)
            return _fresh++;
        while (_entries[_hand].Used)
        {
            _entries[_hand].Used = false;
            _hand = Next(_hand);
        }
        slot = _hand;
        _hand = Next(_hand);
        Empty(slot);
        return slot;
    }

    private int Next(int slot) => slot + 1 == _entries.Length ? 0 : slot + 1;

    private void Empty(int slot)
    {
        _emptied?.Invoke(slot);
        Unlink(_entries[slot].Hash, slot);
        Zero(_entries.AsSpan(slot, 1));
    }

    private void Grow()
    {
        int capacity = Math.Min(_limit, 2 * _entries.Length);
        Entry[] old = _entries;
        _entries = GC.AllocateArray<Entry>(capacity, pinned: true);
        old.CopyTo(_entries, 0);
        Zero(old);
        _buckets = new ulong[BucketCount(capacity)];
        for (int slot = 0; slot < _fresh; slot++)
            Link(_entries[slot].Hash, slot);
    }

    private void Link(uint hash, int slot)
    {
        int mask = _buckets.Length - 1;
        int bucket = (int)hash & mask;
        while (_buckets[bucket] != 0)
            bucket = (bucket + 1) & mask;
        _buckets[bucket] = (ulong)hash << 32 | (uint)(slot + 1);
    }

    private void Unlink(uint hash, int slot)
    {
        int mask = _buckets.Length - 1;
        int hole = (int)hash & mask;
        while (SlotOf(_buckets[hole]) != slot)
            hole = (hole + 1) & mask;
        // Move back what probing could no longer find behind the hole.
        for (int next = (hole + 1) & mask; _buckets[next] != 0; next = (next + 1) & mask)
        {
            int home = (int)(_buckets[next] >> 32) & mask;
            if (((next - home) & mask) < ((next - hole) & mask))
                continue;
            _buckets[hole] = _buckets[next];
            hole = next;
        }
        _buckets[hole] = 0;
    }

    private static int SlotOf(ulong bucket) => (int)(uint)bucket - 1;

    private static int BucketCount(int capacity) => (int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2);

    private static void Zero(Span<Entry> entries) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(entries));
}
