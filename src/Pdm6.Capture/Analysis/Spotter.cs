using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Finds the measurement that a packet carries: the one PDM option of its Destination Options headers or of its UDP
/// surplus area, else a udp-frame that is its UDP payload.
/// </summary>
internal sealed class Spotter(WireSettings settings)
{
    private const byte Ipv6InIpv6 = 41;
    private const int UdpHeaderSize = 8;

    private readonly byte _optionType = settings.OptionType;

    public SpotOutcome Spot(ReadOnlySpan<byte> octets, out Sighting sighting)
    {
        sighting = default;
        if (!PlainOptionPacket.TryRead(octets, _optionType, out PlainOptionPacket plain))
            return Walk(octets, ref sighting);
        sighting.Carrier = plain.IsProtected ? Carrier.SealedOption : Carrier.ClearOption;
        sighting.Octets = plain.Option;
        sighting.Flow = plain.Flow;
        sighting.Upper = plain.UpperLayer;
        sighting.HopLimit = plain.HopLimit;
        return SpotOutcome.Spotted;
    }

    private SpotOutcome Walk(ReadOnlySpan<byte> octets, ref Sighting sighting)
    {
        if (!Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet))
            return SpotOutcome.Nothing;
        bool hasOption = new PdmOptions(packet, _optionType, settings.ExId).TryFindOnly(out PdmOptionInPacket option);
        if (packet.IsFragment)
            return SpotOutcome.Fragment;
        if (packet.UpperProtocol == Ipv6InIpv6)
            sighting.Inner = packet.UpperLayer;
        if (hasOption)
        {
            sighting.Carrier = CarrierOf(option);
            if (sighting.Carrier != Carrier.Malformed)
                sighting.Octets = option.Octets;
            if (sighting.Carrier == Carrier.SealedUdpOption && UdpSurplus.TryFind(packet, out UdpSurplus surplus))
                sighting.Stored = surplus.Octets;
        }
        else if (packet.End == HeaderChainEnd.CutShort)
        {
            return SpotOutcome.Unreadable;
        }
        else if (!TrySpotFrame(packet, ref sighting, out bool isCut))
        {
            return isCut ? SpotOutcome.Unreadable : SpotOutcome.Nothing;
        }
        if (!packet.TryGetFlow(out sighting.Flow) || !TryReadUpper(packet, out sighting.Upper))
            return SpotOutcome.Unreadable;
        sighting.HopLimit = packet.HopLimit;
        return SpotOutcome.Spotted;
    }

    private static Carrier CarrierOf(in PdmOptionInPacket option) => option.Form switch
    {
        PdmOptionForm.Protected => option.IsUdpOption ? Carrier.SealedUdpOption : Carrier.SealedOption,
        PdmOptionForm.Clear => option.IsUdpOption ? Carrier.ClearUdpOption : Carrier.ClearOption,
        PdmOptionForm.ClearV1 => Carrier.OptionV1,
        PdmOptionForm.LegacyProtected => Carrier.LegacySealedOption,
        PdmOptionForm.LegacyClear => Carrier.ClearOption,
        _ => Carrier.Malformed,
    };

    private bool TrySpotFrame(in Ipv6PacketView packet, ref Sighting sighting, out bool isCut)
    {
        isCut = false;
        ReadOnlySpan<byte> upper = packet.UpperLayer;
        if (packet.UpperProtocol != NextHeader.Udp || upper.Length < UdpHeaderSize
            || (BinaryPrimitives.ReadUInt16BigEndian(upper) != settings.FramePort
                && BinaryPrimitives.ReadUInt16BigEndian(upper[2..]) != settings.FramePort))
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(upper[4..]);
        isCut = !packet.IsWhole;
        if (isCut || length < UdpHeaderSize || length > upper.Length)
            return false;
        ReadOnlySpan<byte> payload = upper[UdpHeaderSize..length];
        UdpFrameReadStatus status = UdpFrameView.TryRead(payload, out _);
        sighting.Carrier = status == UdpFrameReadStatus.Ok ? Carrier.Frame : Carrier.Malformed;
        sighting.Octets = sighting.Stored = payload;
        // The port may be used for something else: of another version there is nothing to say.
        return status != UdpFrameReadStatus.UnknownVersion && !payload.IsEmpty;
    }

    private static bool TryReadUpper(in Ipv6PacketView packet, out UpperLayerFields fields)
    {
        ReadOnlySpan<byte> upper = packet.UpperLayer;
        if (!UpperLayerFields.TryRead(packet.UpperProtocol, upper, out fields))
            return false;
        if (packet.IsWhole)
            return true;
        // What the capture cut off is payload too; what lies behind a datagram is not.
        long payload = Math.Min(fields.PayloadLength + packet.MissingSize, ushort.MaxValue);
        int udpLength = packet.UpperProtocol == NextHeader.Udp ? BinaryPrimitives.ReadUInt16BigEndian(upper[4..]) : 0;
        if (udpLength >= UdpHeaderSize)
            payload = Math.Min(payload, udpLength - UdpHeaderSize);
        fields = fields with { PayloadLength = (ushort)payload };
        return true;
    }
}
