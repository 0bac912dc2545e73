using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// What almost every packet with a PDMv2 option looks like, read in one look: one Destination Options header that holds the
/// option and padding, then UDP or TCP, and all of it there. <see cref="TryRead"/> takes nothing else, and says of what it
/// takes what <see cref="Ipv6PacketView"/>, <see cref="PdmOptions"/> and <see cref="UpperLayerFields"/> say, which walk
/// every packet header by header.
/// <code>
/// IPv6, 40 | Next Header, Hdr Ext Len, option of 24 or 40, padding | UDP or TCP
/// </code>
/// </summary>
public readonly ref struct PlainOptionPacket
{
    private const int OptionOffset = Ipv6PacketView.FixedHeaderSize + HeaderOptions.Offset;
    private const int TcpHeaderSize = 20;
    private const int LeastSize = OptionOffset + Pdmv2OptionView.ClearSize;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly ReadOnlySpan<byte> _upper;

    private PlainOptionPacket(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> option, ReadOnlySpan<byte> upper, UpperLayerFields fields)
    {
        _packet = packet;
        _upper = upper;
        Option = option;
        UpperLayer = fields;
    }

    /// <summary>The option, type octet first; of version 2.</summary>
    public ReadOnlySpan<byte> Option { get; }

    /// <summary>True for the protected form.</summary>
    public bool IsProtected => Option.Length == Pdmv2OptionView.ProtectedSize;

    /// <summary>Hop Limit.</summary>
    public byte HopLimit => _packet[7];

    /// <summary>What there is to say of the upper layer.</summary>
    public UpperLayerFields UpperLayer { get; }

    /// <summary>The flow of the packet.</summary>
    public FlowKey Flow => new(
        Ipv6Address.Read(_packet[8..]), Ipv6Address.Read(_packet[24..]), _packet[Ipv6PacketView.FixedHeaderSize],
        BinaryPrimitives.ReadUInt16BigEndian(_upper), BinaryPrimitives.ReadUInt16BigEndian(_upper[2..]));

    /// <summary>Reads a packet; octets beyond its payload length are ignored. False says nothing of the packet but that
    /// it must be walked.</summary>
    /// <param name="octets">The packet.</param>
    /// <param name="optionType">The option type that means PDMv2 here.</param>
    /// <param name="packet">What it is, if true.</param>
    public static bool TryRead(ReadOnlySpan<byte> octets, byte optionType, out PlainOptionPacket packet)
    {
        packet = default;
        if (octets.Length < LeastSize || octets[0] >> 4 != 6 || octets[Ipv6PacketView.NextHeaderOffset] != NextHeader.DestinationOptions)
            return false;
        int size = Ipv6PacketView.FixedHeaderSize + BinaryPrimitives.ReadUInt16BigEndian(octets[Ipv6PacketView.PayloadLengthOffset..]);
        int upperOffset = Ipv6PacketView.FixedHeaderSize + (octets[Ipv6PacketView.FixedHeaderSize + 1] + 1) * 8;
        byte length = octets[OptionOffset + 1];
        int optionEnd = OptionOffset + 2 + length;
        if (octets[OptionOffset] != optionType || optionType == PdmOption.LegacyOptionType
            || length is not (Pdmv2OptionView.ClearLength or Pdmv2OptionView.ProtectedLength)
            || octets[OptionOffset + 2] >> 4 != Pdmv2OptionView.Version2
            || size > octets.Length || upperOffset > size || optionEnd > upperOffset
            || !HeaderOptions.IsOnePadN(octets[optionEnd..upperOffset])
            || !TryReadUpper(octets[Ipv6PacketView.FixedHeaderSize], octets[upperOffset..size], out UpperLayerFields fields))
            return false;
        packet = new PlainOptionPacket(octets, octets[OptionOffset..optionEnd], octets[upperOffset..size], fields);
        return true;
    }

    private static bool TryReadUpper(byte protocol, ReadOnlySpan<byte> upper, out UpperLayerFields fields)
    {
        fields = default;
        switch (protocol)
        {
            // What the length does not count may be options behind the datagram (RFC 9868).
            case NextHeader.Udp when UdpHeader.TryReadLength(upper, out ushort length) && length == upper.Length:
                fields = new UpperLayerFields(
                    (ushort)(length - UdpHeader.Size), 0, 0, BinaryPrimitives.ReadUInt16BigEndian(upper[UdpHeader.ChecksumOffset..]));
                return true;
            case NextHeader.Tcp when upper.Length >= TcpHeaderSize:
                return UpperLayerFields.TryRead(protocol, upper, out fields);
            default:
                return false;
        }
    }
}
