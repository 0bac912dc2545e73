using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// An IPv6 packet seen in place (RFC 8200 section 3). Made by <see cref="TryRead"/> only; after that no accessor can
/// run past the end. The packet may be cut short, as captures are.
/// <code>
/// |Version| Traffic Class |           Flow Label                  |   0
/// |         Payload Length        |  Next Header  |   Hop Limit   |   4
/// |     Source Address, 16 octets                                 |   8
/// |     Destination Address, 16 octets                            |  24
/// |     extension headers, upper layer                            |  40
/// </code>
/// </summary>
public readonly ref struct Ipv6PacketView
{
    /// <summary>Octets of the fixed header.</summary>
    public const int FixedHeaderSize = 40;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _upperOffset;

    private Ipv6PacketView(ReadOnlySpan<byte> packet, bool isWhole)
    {
        _packet = packet;
        IsWhole = isWhole;
        ExtensionHeaders.Enumerator walk = ExtensionHeaders.GetEnumerator();
        while (walk.MoveNext())
            HasRouting |= walk.HeaderType == NextHeader.Routing;
        _upperOffset = FixedHeaderSize + walk.Offset;
        UpperProtocol = walk.NextHeader;
        End = walk.End;
    }

    /// <summary>
    /// Reads a packet; octets beyond its payload length (link-layer padding) are ignored. False if this is no IPv6 or
    /// shorter than the fixed header. A payload length of 0 before a Hop-by-Hop header (jumbo payload, RFC 2675) means
    /// all that is there.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Ipv6PacketView packet)
    {
        packet = default;
        if (octets.Length < FixedHeaderSize || octets[0] >> 4 != 6)
            return false;
        int size = FixedHeaderSize + BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        if (size == FixedHeaderSize && octets[6] == NextHeader.HopByHop)
            size = octets.Length;
        packet = new Ipv6PacketView(octets[..Math.Min(size, octets.Length)], octets.Length >= size);
        return true;
    }

    /// <summary>False if octets at the end are missing.</summary>
    public bool IsWhole { get; }
    /// <summary>Hop Limit.</summary>
    public byte HopLimit => _packet[7];
    /// <summary>Source address.</summary>
    public Ipv6Address Source => Ipv6Address.Read(_packet[8..]);
    /// <summary>Destination address of the fixed header: with a Routing header, not always the final one.</summary>
    public Ipv6Address Destination => Ipv6Address.Read(_packet[24..]);
    /// <summary>The extension headers.</summary>
    public ExtensionHeaders ExtensionHeaders => new(_packet[6], _packet[FixedHeaderSize..]);
    /// <summary>True if there is a Routing header.</summary>
    public bool HasRouting { get; }
    /// <summary>What stands behind the last extension header.</summary>
    public byte UpperProtocol { get; }
    /// <summary>Where the walk along the extension headers stopped.</summary>
    public HeaderChainEnd End { get; }
    /// <summary>The upper-layer header and all behind it; empty if <see cref="End"/> is not
    /// <see cref="HeaderChainEnd.UpperLayer"/>.</summary>
    public ReadOnlySpan<byte> UpperLayer => End == HeaderChainEnd.UpperLayer ? _packet[_upperOffset..] : default;

    /// <summary>
    /// The flow of the packet (draft-ietf-ippm-encrypted-pdmv2-15, PDMv2 Flow Identification). False if the upper layer
    /// cannot be reached, is too short to tell, or lies behind a Routing header.
    /// </summary>
    public bool TryGetFlow(out FlowKey flow)
    {
        flow = default;
        if (End != HeaderChainEnd.UpperLayer || HasRouting
            || !UpperLayerFields.TryReadPorts(UpperProtocol, UpperLayer, out ushort source, out ushort destination))
            return false;
        flow = new FlowKey(Source, Destination, UpperProtocol, source, destination);
        return true;
    }
}
