using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Puts packets of the same conversation together. What is known of ten thousand flows lies scattered over memory, and
/// a packet that comes alone waits for all of it; so many packets are taken first and then given out by conversations, each
/// conversation's in the order in which they came.
/// </summary>
internal sealed class PendingQueue
{
    private const int Groups = 1 << 11;
    // Any odd numbers will do. Always the same ones, so that a capture is measured alike every time; who makes all his
    // flows fall into one group makes them slow, nothing else.
    private const ulong Mixer0 = 0x9e3779b97f4a7c15, Mixer1 = 0xd6e8feb86659fd93;
    private const int StoreSize = 8 << 20;
    private const int FirstSize = 256;

    private readonly int _capacity;
    private PendingPacket[] _packets = new PendingPacket[FirstSize];
    private ushort[] _groupOf = new ushort[FirstSize];
    private int[] _inOrder = new int[FirstSize];
    private readonly int[] _groupEnds = new int[Groups];
    private byte[] _store = [];
    private int _stored;
    private int _count;
    private long _given;

    /// <param name="capacity">Packets that are taken before some are given out.</param>
    public PendingQueue(int capacity) => _capacity = capacity;

    public bool IsFull => _count == _capacity || _stored > StoreSize - ushort.MaxValue;

    /// <summary>Takes a packet; there must be room.</summary>
    public void Add(in Sighting sighting, ulong atUnixNs)
    {
        if (_count == _packets.Length)
            Grow();
        bool isLong = sighting.Stored.Length > 0;
        ref PendingPacket packet = ref _packets[_count];
        ReadOnlySpan<byte> option = isLong ? default : sighting.Octets;
        packet.Carrier = sighting.Carrier;
        packet.Seen = new Observation(
            sighting.Flow, atUnixNs, ObservationVerdict.NoState, Observation.NoRule, sighting.HopLimit,
            sighting.Upper.PayloadLength, sighting.Upper.TcpFlags, sighting.Upper.TcpSequence, sighting.Upper.Checksum,
            HasSent: false, LastSentPsntp: 0, SinceSentNs: 0, (byte)option.Length, OptionBytes.From(option));
        (packet.StoreOffset, packet.StoreLength) = (_stored, sighting.Stored.Length);
        if (isLong)
            Store(sighting.Stored);
        _groupOf[_count] = (ushort)GroupOf(sighting.Flow);
        _count++;
    }

    /// <summary>Groups what was taken and returns how many they are.</summary>
    public int Sort()
    {
        Array.Clear(_groupEnds);
        for (int i = 0; i < _count; i++)
            _groupEnds[_groupOf[i]]++;
        int begin = 0;
        for (int group = 0; group < Groups; group++)
            (_groupEnds[group], begin) = (begin, begin + _groupEnds[group]);
        for (int i = 0; i < _count; i++)
            _inOrder[_groupEnds[_groupOf[i]]++] = i;
        return _count;
    }

    /// <summary>The packets in the order of <see cref="Sort"/>.</summary>
    public ref readonly PendingPacket this[int place] => ref _packets[_inOrder[place]];

    /// <summary>The how manieth packet of the capture it is.</summary>
    public long NumberAt(int place) => _given + _inOrder[place];

    /// <summary>The octets of what is longer than an option.</summary>
    public ReadOnlySpan<byte> StoredOf(in PendingPacket packet) => _store.AsSpan(packet.StoreOffset, packet.StoreLength);

    /// <summary>Forgets what was taken.</summary>
    public void Clear() => (_given, _count, _stored) = (_given + _count, 0, 0);

    private void Grow()
    {
        int size = Math.Min(_capacity, 2 * _packets.Length);
        Array.Resize(ref _packets, size);
        Array.Resize(ref _groupOf, size);
        _inOrder = new int[size];
    }

    private void Store(ReadOnlySpan<byte> octets)
    {
        if (_store.Length == 0)
            _store = new byte[StoreSize];
        octets.CopyTo(_store.AsSpan(_stored));
        _stored += octets.Length;
    }

    /// <summary>The same for both directions; of ICMPv6, for all messages between two hosts.</summary>
    private static int GroupOf(in FlowKey flow)
    {
        bool hasPorts = NextHeader.HasPorts(flow.Protocol);
        ulong ends = End(flow.Source, hasPorts ? flow.SourcePort : 0u) + End(flow.Destination, hasPorts ? flow.DestinationPort : 0u);
        return (int)(ends >> 32) & (Groups - 1);
    }

    private static ulong End(Ipv6Address address, uint port)
    {
        ulong high = Math.BigMul((ulong)(address.Value >> 64) ^ Mixer0, (ulong)address.Value + port ^ Mixer1, out ulong low);
        return high ^ low;
    }
}
