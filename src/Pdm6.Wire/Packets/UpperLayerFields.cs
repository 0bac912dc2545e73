using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// What an observation says of the upper layer, read from the packet: the same fields by the same rules as the kernel
/// programs.
/// </summary>
/// <param name="PayloadLength">Octets behind the upper-layer header, at most 65,535; behind UDP those that its length
/// counts, so that a surplus area (RFC 9868) is not among them, unless it counts more than there are or less than its own
/// header.</param>
/// <param name="TcpFlags">TCP flags octet; 0 for other protocols.</param>
/// <param name="TcpSequence">TCP sequence number; 0 for other protocols.</param>
/// <param name="Checksum">The checksum field; 0 where there is none at a place of its own.</param>
public readonly record struct UpperLayerFields(ushort PayloadLength, byte TcpFlags, uint TcpSequence, ushort Checksum)
{
    private const int TcpHeaderSize = 20;
    private const int Icmpv6HeaderSize = 8;
    private const int PortsAndTagSize = 12;
    private const int EchoIdentifierEnd = 6;

    /// <summary>Reads the fields. False if the upper-layer header is not all there.</summary>
    /// <param name="protocol">Protocol of the upper layer.</param>
    /// <param name="upper">Its header and all behind it.</param>
    /// <param name="fields">The fields.</param>
    public static bool TryRead(byte protocol, ReadOnlySpan<byte> upper, out UpperLayerFields fields)
    {
        fields = default;
        int headerSize = HeaderSizeOf(protocol, upper);
        if (upper.Length < headerSize)
            return false;
        int size = protocol == NextHeader.Udp && UdpHeader.TryReadLength(upper, out ushort udpLength) ? udpLength : upper.Length;
        ushort payload = (ushort)Math.Min(size - headerSize, ushort.MaxValue);
        fields = protocol switch
        {
            NextHeader.Tcp => new UpperLayerFields(payload, upper[13], BinaryPrimitives.ReadUInt32BigEndian(upper[4..]),
                BinaryPrimitives.ReadUInt16BigEndian(upper[16..])),
            NextHeader.Udp or NextHeader.UdpLite =>
                new UpperLayerFields(payload, 0, 0, BinaryPrimitives.ReadUInt16BigEndian(upper[UdpHeader.ChecksumOffset..])),
            NextHeader.Icmpv6 => new UpperLayerFields(payload, 0, 0, BinaryPrimitives.ReadUInt16BigEndian(upper[2..])),
            _ => new UpperLayerFields(payload, 0, 0, 0),
        };
        return true;
    }

    /// <summary>Reads the two numbers that a flow has in place of ports, see <see cref="FlowKey"/>.</summary>
    internal static bool TryReadPorts(byte protocol, ReadOnlySpan<byte> upper, out ushort source, out ushort destination)
    {
        (source, destination) = (0, 0);
        if (!NextHeader.HasPorts(protocol) && protocol != NextHeader.Icmpv6)
            return true;
        if (upper.Length < 4)
            return false;
        source = BinaryPrimitives.ReadUInt16BigEndian(upper);
        if (protocol != NextHeader.Icmpv6)
        {
            destination = BinaryPrimitives.ReadUInt16BigEndian(upper[2..]);
            return true;
        }
        if (!new FlowKey(default, default, protocol, source, 0).IsEcho)
            return true;
        if (upper.Length < EchoIdentifierEnd)
            return false;
        destination = BinaryPrimitives.ReadUInt16BigEndian(upper[4..]);
        return true;
    }

    private static int HeaderSizeOf(byte protocol, ReadOnlySpan<byte> upper) => protocol switch
    {
        NextHeader.Tcp when upper.Length >= TcpHeaderSize => Math.Max(TcpHeaderSize, (upper[12] >> 4) * 4),
        NextHeader.Tcp => TcpHeaderSize,
        NextHeader.Udp or NextHeader.UdpLite => UdpHeader.Size, // UDP-Lite differs in what the length says (RFC 3828)
        NextHeader.Icmpv6 => Icmpv6HeaderSize,
        NextHeader.Sctp or NextHeader.Dccp => PortsAndTagSize,
        _ => 0,
    };
}
