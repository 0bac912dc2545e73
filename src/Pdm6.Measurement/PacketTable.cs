using System.Numerics;

namespace Pdm6.Measurement;

/// <summary>
/// The numbers that are remembered, of all flows together: a ring whose oldest slot gives way, and a hash over it.
/// Grows by doubling up to its capacity and then never again, whatever numbers come.
/// <para>A slot that gives way is not taken out of its chain, which would ask for memory that nobody else needs then. A chain
/// leads from what came later to what came earlier: where a slot was given to another number, it comes later, or is of
/// another bucket, and the chain ends there.</para>
/// </summary>
internal sealed class PacketTable(int capacity, List<Direction> directions)
{
    private const int FirstSize = 64;
    private const int Large = 1 << 16;
    private const uint Neighbours = 16;
    /// <summary>Buckets for each slot: walking along a chain costs more than memory.</summary>
    private const int Sparseness = 4;

    private PacketSlot[] _slots = new PacketSlot[FirstSize];
    private int[] _buckets = new int[FirstSize * Sparseness];
    private int _count;
    private int _oldest;

    /// <summary>How many slots were given out, around its end: while it stands still, every slot is where it was.</summary>
    public int Given { get; private set; }

    /// <summary>Some number was marked <see cref="PacketMarks.AcceptedAgain"/>. Hosts that keep to the protocol never do that,
    /// and then nobody need look for it.</summary>
    public bool HasAcceptedAgain { get; set; }

    /// <summary>The slot that the next number will be given.</summary>
    public int Upcoming => _count < _slots.Length || _count < capacity ? _count : _oldest;

    /// <summary>A slot in place. Any <see cref="FindOrAdd"/> may move or recycle it.</summary>
    public ref PacketSlot this[int index] => ref _slots[index];

    /// <summary>The slot of a number, or -1.</summary>
    public int Find(Direction owner, uint psntp)
    {
        // Who is asked for was never there, or a moment ago.
        if (owner.Slotted.IsBeyond(psntp))
            return -1;
        int index = owner.Slotted.Recent(psntp);
        return _slots[index].Psntp == psntp && _slots[index].OwnerId == owner.Id ? index : FindByHash(owner.Id, psntp);
    }

    /// <summary>The slot of a number whose packet was observed, or -1.</summary>
    public int FindObserved(Direction owner, uint psntp)
    {
        int index = Find(owner, psntp);
        return index >= 0 && _slots[index].Has(PacketMarks.Observed) ? index : -1;
    }

    /// <summary>The slot of a number; if there is none, a fresh one.</summary>
    public int FindOrAdd(Direction owner, uint psntp)
    {
        int index = Find(owner, psntp);
        return index >= 0 ? index : Add(owner, psntp);
    }

    /// <summary>A fresh slot for a number that has none. May move or recycle others.</summary>
    public int Add(Direction owner, uint psntp)
    {
        int index = Take();
        Given++;
        int hash = HashOf(owner, psntp);
        ref int bucket = ref _buckets[hash & (_buckets.Length - 1)];
        ref PacketSlot slot = ref _slots[index];
        // All else counts only with a mark.
        slot.Marks = PacketMarks.None;
        (slot.OwnerId, slot.Psntp, slot.Hash, slot.Next) = (owner.Id, psntp, hash, bucket);
        bucket = index + 1;
        owner.Slotted.Add(psntp, index);
        return index;
    }

    /// <summary>See <see cref="FlowMeter.FetchNumbers"/>.</summary>
    public ulong Fetch(Direction owner)
    {
        uint next = owner.Slotted.Next;
        int mask = _buckets.Length - 1;
        return _slots[owner.Slotted.Recent(next - 1)].Psntp
            + (uint)_buckets[HashOf(owner.Id, next) & mask] + (uint)_buckets[HashOf(owner.Id, next + Neighbours) & mask];
    }

    private int FindByHash(ulong ownerId, uint psntp)
    {
        int mask = _buckets.Length - 1;
        int bucket = HashOf(ownerId, psntp) & mask;
        int index = _buckets[bucket] - 1;
        if (index < 0 || (_slots[index].Hash & mask) != bucket)
            return -1;
        while (_slots[index].Psntp != psntp || _slots[index].OwnerId != ownerId)
        {
            int earlier = _slots[index].Next - 1;
            if (earlier < 0 || AgeOf(earlier) <= AgeOf(index))
                return -1;
            index = earlier;
        }
        return index;
    }

    /// <summary>How many numbers were given slots after this one, if it is in use.</summary>
    private int AgeOf(int index) => index < _oldest ? _oldest - 1 - index : _oldest - 1 - index + _count;

    private int Take()
    {
        if (_count == _slots.Length && _count < capacity)
            Grow();
        if (_count < _slots.Length)
            return _count++;
        int index = _oldest;
        _oldest = index + 1 == _slots.Length ? 0 : index + 1;
        Forget(index);
        return index;
    }

    private void Forget(int index)
    {
        ref PacketSlot slot = ref _slots[index];
        if (slot.Has(PacketMarks.Observed) && directions[Direction.HandleOf(slot.OwnerId)] is var owner && owner.Id == slot.OwnerId)
            owner.ForgetNumber(slot.Context, slot.EpochIndex, slot.Psntp);
    }

    private void Grow()
    {
        // What has become large is likely to become as large as it may; copying it over and over costs more than memory
        // that is not used.
        int size = _slots.Length >= Large ? capacity : (int)Math.Min(capacity, 2L * _slots.Length);
        // What is not in use is never read.
        PacketSlot[] slots = LargePages.Allocate<PacketSlot>(size);
        _slots.AsSpan(0, _count).CopyTo(slots);
        _slots = slots;
        _buckets = LargePages.Allocate<int>((int)BitOperations.RoundUpToPowerOf2((uint)size) * Sparseness);
        Array.Clear(_buckets);
        for (int i = 0; i < _count; i++)
        {
            ref int bucket = ref _buckets[_slots[i].Hash & (_buckets.Length - 1)];
            _slots[i].Next = bucket;
            bucket = i + 1;
        }
    }

    // HashCode is seeded per process: a sender that chooses its numbers cannot choose their buckets. Numbers that follow
    // each other have neighbouring buckets, a line of memory, because whoever asks for one asks for the next.
    private static int HashOf(ulong ownerId, uint psntp) => InGroup(HashCode.Combine(ownerId, psntp / Neighbours), psntp);

    /// <summary>The same, and remembered for the number's neighbours.</summary>
    private static int HashOf(Direction owner, uint psntp)
    {
        uint group = psntp / Neighbours;
        if (!owner.Slotted.TryGetHash(group, out int hash))
        {
            hash = HashCode.Combine(owner.Id, group);
            owner.Slotted.SetHash(group, hash);
        }
        return InGroup(hash, psntp);
    }

    private static int InGroup(int hash, uint psntp) => hash & ~(int)(Neighbours - 1) | (int)(psntp % Neighbours);
}
