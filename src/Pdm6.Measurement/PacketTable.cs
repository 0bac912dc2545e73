namespace Pdm6.Measurement;

/// <summary>
/// The numbers that are remembered, of all flows together: a ring whose oldest slot gives way, and a hash over it.
/// Grows by doubling up to its capacity and then never again, whatever numbers come.
/// </summary>
internal sealed class PacketTable(int capacity)
{
    private const int FirstSize = 64;
    private const uint Neighbours = 16;

    private PacketSlot[] _slots = new PacketSlot[FirstSize];
    private int[] _buckets = new int[FirstSize];
    private int _count;
    private int _oldest;

    /// <summary>A slot in place. Any <see cref="FindOrAdd"/> may move or recycle it.</summary>
    public ref PacketSlot this[int index] => ref _slots[index];

    /// <summary>The slot of a number, or -1.</summary>
    public int Find(Direction owner, uint psntp)
    {
        int index = _buckets[BucketOf(owner.Id, psntp)] - 1;
        while (index >= 0 && (_slots[index].Psntp != psntp || _slots[index].OwnerId != owner.Id))
            index = _slots[index].Next - 1;
        return index;
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
        if (index >= 0)
            return index;
        index = Take();
        ref int bucket = ref _buckets[BucketOf(owner.Id, psntp)];
        _slots[index] = new PacketSlot { Owner = owner, OwnerId = owner.Id, Psntp = psntp, Next = bucket };
        bucket = index + 1;
        return index;
    }

    private int Take()
    {
        if (_count == _slots.Length && _count < capacity)
            Grow();
        if (_count < _slots.Length)
            return _count++;
        int index = _oldest;
        _oldest = (_oldest + 1) % _slots.Length;
        Unlink(index);
        return index;
    }

    private void Unlink(int index)
    {
        ref PacketSlot slot = ref _slots[index];
        ref int link = ref _buckets[BucketOf(slot.OwnerId, slot.Psntp)];
        while (link != index + 1)
            link = ref _slots[link - 1].Next;
        link = slot.Next;
        if (slot.Has(PacketMarks.Observed) && slot.Owner.Id == slot.OwnerId)
            slot.Owner.ForgetNumber(slot.Context, slot.EpochIndex, slot.Psntp);
    }

    private void Grow()
    {
        Array.Resize(ref _slots, (int)Math.Min(capacity, 2L * _slots.Length));
        _buckets = new int[2 * _buckets.Length];
        for (int i = 0; i < _count; i++)
        {
            ref int bucket = ref _buckets[BucketOf(_slots[i].OwnerId, _slots[i].Psntp)];
            _slots[i].Next = bucket;
            bucket = i + 1;
        }
    }

    // HashCode is seeded per process: a sender that chooses its numbers cannot choose their buckets. Numbers that follow
    // each other have neighbouring buckets, because whoever asks for one asks for the next.
    private int BucketOf(ulong ownerId, uint psntp) =>
        (HashCode.Combine(ownerId, psntp / Neighbours) + (int)(psntp % Neighbours)) & (_buckets.Length - 1);
}
