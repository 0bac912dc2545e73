using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Puts packets of the same conversation together. What is known of ten thousand flows lies scattered over memory, and
/// a packet that comes alone waits for all of it; so many packets are taken first and then given out by conversations, each
/// conversation's in the order in which they came.
/// </summary>
internal sealed class PendingQueue
{
    /// <summary>Conversations are told apart by a hash of twice so many bits, sorted half by half.</summary>
    private const int HalfBits = 11;
    private const int Halves = 1 << HalfBits;
    // Any odd numbers will do. Always the same ones, so that a capture is measured alike every time; who makes all his
    // flows fall together makes them slow, nothing else.
    private const ulong Mixer0 = 0x9e3779b97f4a7c15, Mixer1 = 0xd6e8feb86659fd93;
    /// <summary>Neighbours often have neighbouring ports: address and port added up would be the same for many.</summary>
    private const ulong PortMixer = 0xa0761d6478bd642f;
    private const int StoreSize = 8 << 20;
    private const int FirstSize = 256, Growth = 8;
    /// <summary>What has become so large is likely to become as large as it may.</summary>
    private const int Large = 1 << 14;

    private readonly int _capacity;
    private QueuedPacket[] _packets = new QueuedPacket[FirstSize];
    private uint[] _hashes = new uint[FirstSize];
    private int[] _inOrder = new int[FirstSize];
    private int[] _spare = new int[FirstSize];
    private readonly int[] _ends = new int[Halves];
    private byte[] _store = [];
    private int _stored;
    private int _count;
    private long _firstNumber;

    /// <param name="capacity">Packets that are taken before some are given out.</param>
    public PendingQueue(int capacity) => _capacity = capacity;

    public bool IsFull => _count == _capacity || _stored > StoreSize - ushort.MaxValue;

    /// <summary>Takes a packet; there must be room.</summary>
    /// <param name="sighting">The packet.</param>
    /// <param name="atUnixNs">When it was captured.</param>
    /// <param name="number">The how manieth packet with a measurement it is: one more than the packet before.</param>
    public void Add(in Sighting sighting, ulong atUnixNs, long number)
    {
        if (_count == 0)
            _firstNumber = number;
        if (_count == _packets.Length)
            Grow();
        _packets[_count].Fill(sighting, atUnixNs, _stored);
        if (!sighting.Stored.IsEmpty)
            Store(sighting.Stored);
        _hashes[_count] = HashOf(sighting.Flow);
        _count++;
    }

    /// <summary>Sorts what was taken by conversation, each in the order in which it came, and returns how many they
    /// are.</summary>
    public int Sort()
    {
        for (int i = 0; i < _count; i++)
            _spare[i] = i;
        SortBy(shift: 0, _spare, _inOrder);
        SortBy(HalfBits, _inOrder, _spare);
        (_inOrder, _spare) = (_spare, _inOrder);
        return _count;
    }

    /// <summary>The packet at a place in the order of <see cref="Sort"/>; it stays where it is until
    /// <see cref="Clear"/>.</summary>
    public ref readonly QueuedPacket At(int place) => ref _packets[_inOrder[place]];

    /// <summary>The how manieth packet with a measurement it is.</summary>
    public long NumberAt(int place) => _firstNumber + _inOrder[place];

    /// <summary>Has the packet at a place in the order of <see cref="Sort"/> brought from memory, if there is one.</summary>
    public void Prefetch(int place)
    {
        if (place < _count)
            QueuedPacket.Prefetch(in _packets[_inOrder[place]]);
    }

    /// <summary>The octets of what is longer than an option.</summary>
    public ReadOnlySpan<byte> StoredOf(in QueuedPacket packet) => packet.StoredIn(_store);

    /// <summary>Forgets what was taken.</summary>
    public void Clear() => (_count, _stored) = (0, 0);

    private void Grow()
    {
        int size = _packets.Length >= Large ? _capacity : Math.Min(_capacity, Growth * _packets.Length);
        Grow(ref _packets, size);
        Grow(ref _hashes, size);
        (_inOrder, _spare) = (GC.AllocateUninitializedArray<int>(size), GC.AllocateUninitializedArray<int>(size));
    }

    /// <summary>As <see cref="Array.Resize"/>, without zeros that nobody reads.</summary>
    private void Grow<T>(ref T[] array, int size)
        where T : unmanaged
    {
        T[] larger = LargePages.Allocate<T>(size);
        array.AsSpan(0, _count).CopyTo(larger);
        array = larger;
    }

    private void Store(ReadOnlySpan<byte> octets)
    {
        if (_store.Length == 0)
            _store = new byte[StoreSize];
        octets.CopyTo(_store.AsSpan(_stored));
        _stored += octets.Length;
    }

    /// <summary>One pass of a radix sort: what is equal stays in its order.</summary>
    private void SortBy(int shift, int[] from, int[] to)
    {
        Array.Clear(_ends);
        for (int i = 0; i < _count; i++)
            _ends[_hashes[i] >> shift & (Halves - 1)]++;
        int begin = 0;
        for (int half = 0; half < Halves; half++)
            (_ends[half], begin) = (begin, begin + _ends[half]);
        for (int i = 0; i < _count; i++)
            to[_ends[_hashes[from[i]] >> shift & (Halves - 1)]++] = from[i];
    }

    /// <summary>The same for both directions; of ICMPv6, for all messages between two hosts.</summary>
    private static uint HashOf(in FlowKey flow)
    {
        bool hasPorts = NextHeader.HasPorts(flow.Protocol);
        ulong ends = End(flow.Source, hasPorts ? flow.SourcePort : 0u) + End(flow.Destination, hasPorts ? flow.DestinationPort : 0u);
        return (uint)(ends >> 32);
    }

    private static ulong End(Ipv6Address address, uint port)
    {
        ulong high = Math.BigMul((ulong)(address.Value >> 64) ^ Mixer0, (ulong)address.Value + port * PortMixer ^ Mixer1, out ulong low);
        return high ^ low;
    }
}
