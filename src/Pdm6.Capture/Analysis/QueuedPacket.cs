using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>A packet in a <see cref="PendingQueue"/>. Hundreds of thousands of them are written and then read in another
/// order, which costs as much as they have lines of memory: so nothing is in here twice, and nothing without need.</summary>
internal struct QueuedPacket
{
    private const int LineSize = 64;

    private Ipv6Address _source, _destination;
    private ulong _atUnixNs;
    private OptionOctets _option;
    private uint _tcpSequence;
    private int _storeOffset, _storeLength;
    private ushort _sourcePort, _destinationPort, _payloadLength, _upperChecksum;
    private byte _protocol, _tcpFlags, _hopLimit, _optionLength;
    private Carrier _carrier;

    /// <param name="sighting">The packet.</param>
    /// <param name="atUnixNs">When it was captured.</param>
    /// <param name="storeOffset">Where the octets of what is longer than an option will begin in the queue's store.</param>
    public void Fill(in Sighting sighting, ulong atUnixNs, int storeOffset)
    {
        ReadOnlySpan<byte> option = sighting.Stored.IsEmpty ? sighting.Octets : default;
        _source = sighting.Flow.Source;
        _destination = sighting.Flow.Destination;
        _atUnixNs = atUnixNs;
        _option = OptionOctets.From(option);
        _tcpSequence = sighting.Upper.TcpSequence;
        _storeOffset = storeOffset;
        _storeLength = sighting.Stored.Length;
        _sourcePort = sighting.Flow.SourcePort;
        _destinationPort = sighting.Flow.DestinationPort;
        _payloadLength = sighting.Upper.PayloadLength;
        _upperChecksum = sighting.Upper.Checksum;
        _protocol = sighting.Flow.Protocol;
        _tcpFlags = sighting.Upper.TcpFlags;
        _hopLimit = sighting.HopLimit;
        _optionLength = (byte)option.Length;
        _carrier = sighting.Carrier;
    }

    /// <summary>Tells the processor that it will be read soon.</summary>
    public static unsafe void Prefetch(ref readonly QueuedPacket packet)
    {
        if (!Sse.IsSupported)
            return;
        // The address may be stale by then: another line is fetched, and nothing else happens.
        byte* first = (byte*)Unsafe.AsPointer(in packet);
        Sse.Prefetch1(first);
        Sse.Prefetch1(first + LineSize);
        Sse.Prefetch1(first + sizeof(QueuedPacket) - 1);
    }

    /// <summary>What was observed of it; of what is longer than an option, without its octets.</summary>
    public readonly Observation ToObservation() => new(
        new FlowKey(_source, _destination, _protocol, _sourcePort, _destinationPort), _atUnixNs, ObservationVerdict.NoState,
        Observation.NoRule, _hopLimit, _payloadLength, _tcpFlags, _tcpSequence, _upperChecksum,
        HasSent: false, LastSentPsntp: 0, SinceSentNs: 0, _optionLength, OptionBytes.From(((ReadOnlySpan<byte>)_option)[.._optionLength]));

    /// <summary>What else is known of it.</summary>
    /// <param name="number">The how manieth packet with a measurement it is.</param>
    public readonly PendingPacket ToPending(long number) => new(number, _storeOffset, _storeLength, _carrier);

    /// <summary>An option; what else an observation can hold, frames, is in the queue's store.</summary>
    [InlineArray(Pdmv2OptionView.ProtectedSize)]
    private struct OptionOctets
    {
        private byte _first;

        public static OptionOctets From(ReadOnlySpan<byte> option)
        {
            if (option.Length == Pdmv2OptionView.ProtectedSize)
                return MemoryMarshal.Read<OptionOctets>(option);
            OptionOctets octets = default;
            option.CopyTo(octets);
            return octets;
        }
    }
}
