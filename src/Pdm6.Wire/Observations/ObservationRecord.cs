using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// An <see cref="Observation"/> as agents send it to a collector: 112 octets, of a udp-frame 140, network byte order.
/// <code>
///   0 source 16 | 16 destination 16 | 32 protocol | 33 hop limit | 34 verdict | 35 TCP flags
///  36 source port u16 | 38 destination port u16 | 40 payload length u16 | 42 upper checksum u16 | 44 TCP sequence u32
///  48 observed at u64 | 56 last sent PSNTP u32 | 60 rule u16 | 62 option length | 63 flags (bit 0: has sent; bits 1 to 3: carriage)
///  64 since sent u64 | 72 option 40, or udp-frame 68
/// </code>
/// </summary>
public static class ObservationRecord
{
    /// <summary>Octets of the record of an option.</summary>
    public const int Size = OptionOffset + Pdmv2OptionView.ProtectedSize;
    /// <summary>Octets of the record of a udp-frame: the longest.</summary>
    public const int FrameSize = OptionOffset + UdpFrame.PdmFrameSize;

    private const int OptionOffset = 72;

    /// <summary>Octets of an observation's record.</summary>
    public static int SizeOf(in Observation observation) => SizeOf(observation.Carriage);

    /// <summary>Writes one record to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer octets than <see cref="SizeOf(in Observation)"/>, or an
    /// observation that <see cref="TryRead"/> would refuse: a caller's mistake.</exception>
    public static void Write(Span<byte> destination, in Observation observation)
    {
        int size = SizeOf(observation);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, size, nameof(destination));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(observation.OptionLength, size - OptionOffset, nameof(observation));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (byte)observation.Verdict, (byte)ObservationVerdict.ClearCounted, nameof(observation));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (byte)observation.Carriage, (byte)ObservationCarriage.UdpFrame, nameof(observation));
        observation.Flow.Source.Write(destination);
        observation.Flow.Destination.Write(destination[16..]);
        destination[32] = observation.Flow.Protocol;
        destination[33] = observation.HopLimit;
        destination[34] = (byte)observation.Verdict;
        destination[35] = observation.TcpFlags;
        BinaryPrimitives.WriteUInt16BigEndian(destination[36..], observation.Flow.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(destination[38..], observation.Flow.DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(destination[40..], observation.PayloadLength);
        BinaryPrimitives.WriteUInt16BigEndian(destination[42..], observation.UpperChecksum);
        BinaryPrimitives.WriteUInt32BigEndian(destination[44..], observation.TcpSequence);
        BinaryPrimitives.WriteUInt64BigEndian(destination[48..], observation.ObservedAtNs);
        BinaryPrimitives.WriteUInt32BigEndian(destination[56..], observation.LastSentPsntp);
        BinaryPrimitives.WriteUInt16BigEndian(destination[60..], observation.Rule);
        destination[62] = observation.OptionLength;
        destination[63] = (byte)((observation.HasSent ? 1 : 0) | (int)observation.Carriage << 1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[64..], observation.SinceSentNs);
        OptionBytes option = observation.Option;
        ((ReadOnlySpan<byte>)option)[..(size - OptionOffset)].CopyTo(destination[OptionOffset..]);
    }

    /// <summary>Reads the record at the front. False if it is short, its verdict or its carriage is unknown, or its option
    /// is longer than its carriage has.</summary>
    public static bool TryRead(ReadOnlySpan<byte> record, out Observation observation)
    {
        observation = default;
        if (record.Length < Size || record[34] > (byte)ObservationVerdict.ClearCounted || CarriageOf(record) > ObservationCarriage.UdpFrame)
            return false;
        int size = SizeOf(CarriageOf(record));
        if (record.Length < size || record[62] > size - OptionOffset)
            return false;
        FlowKey flow = new(Ipv6Address.Read(record), Ipv6Address.Read(record[16..]), record[32],
            BinaryPrimitives.ReadUInt16BigEndian(record[36..]), BinaryPrimitives.ReadUInt16BigEndian(record[38..]));
        observation = new Observation(
            flow,
            ObservedAtNs: BinaryPrimitives.ReadUInt64BigEndian(record[48..]),
            Verdict: (ObservationVerdict)record[34],
            Rule: BinaryPrimitives.ReadUInt16BigEndian(record[60..]),
            HopLimit: record[33],
            PayloadLength: BinaryPrimitives.ReadUInt16BigEndian(record[40..]),
            TcpFlags: record[35],
            TcpSequence: BinaryPrimitives.ReadUInt32BigEndian(record[44..]),
            UpperChecksum: BinaryPrimitives.ReadUInt16BigEndian(record[42..]),
            HasSent: (record[63] & 1) != 0,
            LastSentPsntp: BinaryPrimitives.ReadUInt32BigEndian(record[56..]),
            SinceSentNs: BinaryPrimitives.ReadUInt64BigEndian(record[64..]),
            OptionLength: record[62],
            Option: OptionBytes.From(record[OptionOffset..size]))
        {
            Carriage = CarriageOf(record),
        };
        return true;
    }

    private static int SizeOf(ObservationCarriage carriage) => carriage == ObservationCarriage.UdpFrame ? FrameSize : Size;

    private static ObservationCarriage CarriageOf(ReadOnlySpan<byte> record) => (ObservationCarriage)(record[63] >> 1 & 7);
}
