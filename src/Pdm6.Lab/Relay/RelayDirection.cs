using System.Buffers.Binary;
using System.Net.NetworkInformation;
using Pdm6.Lab.Native;

namespace Pdm6.Lab;

/// <summary>One direction of the relay: decides about packets, holding all state that these decisions need.</summary>
internal sealed class RelayDirection
{
    private const long NsPerMillisecond = 1_000_000;
    private const int GsoSizeOffset = 4; // in struct virtio_net_hdr, host byte order
    private const int HopLimitOffset = PacketSocket.VnetHeaderSize + FrameInspector.LinkHeaderSize + 7;
    // PSNTP, ciphertext and tag of the option; a bit before them would not fail the tag but change what the option is.
    private const int FirstTamperedBit = 4 * 8;
    private const int TamperableBits = 36 * 8;

    private readonly Impairments _impairments;
    private readonly Selector _loss;
    private readonly Selector _duplication;
    private readonly Selector _reordering;
    private readonly Selector _tampering;
    private readonly Random _jitter;
    private readonly Random _bit;
    private readonly byte[] _linkHeader = new byte[12];
    private long _ordinal;
    private long _lastDeadlineNs;
    private long _highestDeparted;
    private UnwantedPackets _unwanted;

    internal RelayDirection(string name, PacketSocket output, PhysicalAddress from, PhysicalAddress nextHop, Impairments impairments)
    {
        Name = name;
        Output = output;
        nextHop.GetAddressBytes().CopyTo(_linkHeader, 0);
        from.GetAddressBytes().CopyTo(_linkHeader, 6);
        (_impairments, _unwanted) = (impairments, impairments.Unwanted);
        // Each kind of chance has a stream of its own, so that adding one impairment leaves the others as they were.
        _loss = new Selector(impairments.Loss, HashCode(1));
        _duplication = new Selector(impairments.Duplication, HashCode(2));
        _reordering = new Selector(impairments.Reordering, HashCode(3));
        _tampering = new Selector(impairments.Tampering, HashCode(4));
        _jitter = new Random(HashCode(5));
        _bit = new Random(HashCode(6));

        int HashCode(int stream) => unchecked(impairments.Seed * 31 + stream);
    }

    internal string Name { get; }

    internal PacketSocket Output { get; }

    internal DirectionCounters Counters { get; } = new();

    /// <summary>What is dropped from now on because of what is on it. Any thread.</summary>
    internal UnwantedPackets Unwanted { set => Volatile.Write(ref _unwanted, value); }

    internal long DuplicateLagNs => ToNs(_impairments.DuplicateLagMilliseconds);

    /// <summary>
    /// Decides about a frame that has come in, and changes it as a router (and as a tamperer) would. True if it goes on,
    /// at <paramref name="deadlineNs"/> on the monotonic clock.
    /// </summary>
    internal bool TryAdmit(
        Span<byte> frame, in FrameFacts facts, long arrivedAtUnixNs, long arrivedAtNs,
        out Decision decision, out PacketFate fate, out long deadlineNs, out bool duplicate)
    {
        Counters.Received++;
        long ordinal = ++_ordinal;
        bool lost = _loss.Picks(ordinal);
        duplicate = _duplication.Picks(ordinal);
        bool heldBack = _reordering.Picks(ordinal);
        bool tampered = facts.HasOption && _tampering.Picks(++Counters.WithOption);
        deadlineNs = arrivedAtNs + ToNs(_impairments.DelayMilliseconds);
        if (_impairments.JitterMilliseconds > 0)
            deadlineNs += (long)(_jitter.NextDouble() * _impairments.JitterMilliseconds * NsPerMillisecond);

        decision = new Decision(ordinal, 0, heldBack, -1, arrivedAtUnixNs, facts);
        fate = lost ? PacketFate.Lost : Route(frame, facts);
        UnwantedPackets unwanted = Volatile.Read(ref _unwanted);
        if (fate == PacketFate.Forwarded && !unwanted.HeadersAreTakenOff && FrameInspector.IsUnwanted(frame[PacketSocket.VnetHeaderSize..], unwanted))
            fate = PacketFate.Unwanted;
        if (fate != PacketFate.Forwarded)
        {
            duplicate = false;
            return false;
        }
        if (tampered)
            decision = decision with { TamperedBit = Tamper(frame, facts) };
        if (heldBack)
        {
            Counters.HeldBack++;
            deadlineNs += ToNs(_impairments.HoldBackMilliseconds);
        }
        else
        {
            _lastDeadlineNs = deadlineNs = Math.Max(deadlineNs, _lastDeadlineNs);
        }
        return true;
    }

    /// <summary>Takes off an admitted frame what it should not have on it.</summary>
    /// <returns>Octets of the frame that go on.</returns>
    internal int TakeOff(Span<byte> frame)
    {
        UnwantedPackets unwanted = Volatile.Read(ref _unwanted);
        int left = unwanted.HeadersAreTakenOff ? HeaderRemoval.TakeOff(frame, unwanted) : frame.Length;
        if (left < frame.Length)
            Counters.TakenOff++;
        return left;
    }

    /// <summary>Sends a frame whose time has come.</summary>
    internal PacketFate Send(ReadOnlySpan<byte> frame, in Decision decision)
    {
        if (!Output.TrySend(frame))
        {
            Counters.SendFailed++;
            return PacketFate.SendFailed;
        }
        if (decision.TamperedBit >= 0)
            Counters.Tampered++;
        if (decision.Copy > 0)
        {
            Counters.Duplicated++;
            return PacketFate.Forwarded;
        }
        Counters.Forwarded++;
        if (decision.Ordinal < _highestDeparted)
            Counters.Reordered++;
        _highestDeparted = Math.Max(_highestDeparted, decision.Ordinal);
        return PacketFate.Forwarded;
    }

    internal void CountDrop(PacketFate fate)
    {
        switch (fate)
        {
            case PacketFate.Lost:
                Counters.Lost++;
                break;
            case PacketFate.HopLimitExceeded:
                Counters.HopLimitExceeded++;
                break;
            case PacketFate.TooLarge:
                Counters.TooLarge++;
                break;
            case PacketFate.Unwanted:
                Counters.Unwanted++;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fate), fate, "Not a reason for dropping a packet.");
        }
    }

    private PacketFate Route(Span<byte> frame, in FrameFacts facts)
    {
        if (frame[HopLimitOffset] <= 1)
            return PacketFate.HopLimitExceeded;
        ushort segmentOctets = BinaryPrimitives.ReadUInt16LittleEndian(frame[GsoSizeOffset..]);
        int largest = segmentOctets > 0
            ? facts.HeaderOctets + segmentOctets
            : frame.Length - PacketSocket.VnetHeaderSize - FrameInspector.LinkHeaderSize;
        if (_impairments.LargestPacket > 0 && largest > _impairments.LargestPacket)
            return PacketFate.TooLarge;
        frame[HopLimitOffset]--;
        _linkHeader.CopyTo(frame[PacketSocket.VnetHeaderSize..]);
        return PacketFate.Forwarded;
    }

    private int Tamper(Span<byte> frame, in FrameFacts facts)
    {
        int bit = FirstTamperedBit + _bit.Next(TamperableBits);
        frame[PacketSocket.VnetHeaderSize + facts.OptionOffset + bit / 8] ^= (byte)(0x80 >> (bit % 8));
        return bit;
    }

    private static long ToNs(double milliseconds) => (long)(milliseconds * NsPerMillisecond);
}
