using System.Diagnostics.CodeAnalysis;
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

    public readonly Carrier Carrier => _carrier;
    public readonly ulong AtUnixNs => _atUnixNs;
    public readonly byte HopLimit => _hopLimit;

    public readonly UpperLayerFields Upper => new(_payloadLength, _tcpFlags, _tcpSequence, _upperChecksum);

    public readonly FlowKey Flow => new(_source, _destination, _protocol, _sourcePort, _destinationPort);

    /// <summary>True if it is of this flow: as to compare with <see cref="Flow"/>, which would be put together only
    /// for that.</summary>
    public readonly bool IsOf(in FlowKey flow) =>
        _sourcePort == flow.SourcePort && _destinationPort == flow.DestinationPort && _protocol == flow.Protocol
        && _source == flow.Source && _destination == flow.Destination;

    /// <summary>The option; nothing of what is longer.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Option => ((ReadOnlySpan<byte>)_option)[.._optionLength];

    /// <summary>The octets of what is longer than an option.</summary>
    /// <param name="store">The queue's.</param>
    public readonly ReadOnlySpan<byte> StoredIn(byte[] store) => store.AsSpan(_storeOffset, _storeLength);

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
