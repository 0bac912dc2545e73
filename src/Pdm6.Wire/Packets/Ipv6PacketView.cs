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

    internal const int PayloadLengthOffset = 4;
    internal const int NextHeaderOffset = 6;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _upperOffset;
    private readonly Ipv6Address _finalDestination;
    private readonly bool _knowsFinalDestination;

    private Ipv6PacketView(ReadOnlySpan<byte> packet, long? size, bool isJumbo)
    {
        _packet = packet;
        IsWhole = size == packet.Length;
        MissingSize = size - packet.Length ?? 0;
        IsJumbo = isJumbo;
        _finalDestination = Destination;
        _knowsFinalDestination = true;
        ExtensionHeaders.Enumerator walk = ExtensionHeaders.GetEnumerator();
        while (walk.MoveNext())
        {
            if (walk.HeaderType == NextHeader.Fragment)
                IsFragment |= !new FragmentHeaderView(walk.Current.Octets).IsAtomic;
            if (walk.HeaderType != NextHeader.Routing)
                continue;
            HasRouting = true;
            _knowsFinalDestination &= new RoutingHeaderView(walk.Current.Octets)
                .TryGetFinalDestination(_finalDestination, out _finalDestination);
        }
        IsFragment |= walk.End == HeaderChainEnd.Fragment;
        _upperOffset = FixedHeaderSize + walk.Offset;
        UpperProtocol = walk.NextHeader;
        End = walk.End;
    }

    /// <summary>
    /// Reads a packet; octets beyond its payload length (link-layer padding) are ignored. False if this is no IPv6 or
    /// shorter than the fixed header. With a payload length of 0 before a Hop-by-Hop header the length is that of the Jumbo
    /// Payload option (RFC 2675); if that cannot be read, the end is unknown: all that is there is given, and it is not
    /// whole.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Ipv6PacketView packet)
    {
        packet = default;
        if (octets.Length < FixedHeaderSize || octets[0] >> 4 != 6)
            return false;
        long? size = FixedHeaderSize + BinaryPrimitives.ReadUInt16BigEndian(octets[PayloadLengthOffset..]);
        bool isJumbo = false;
        if (size == FixedHeaderSize && octets[NextHeaderOffset] == NextHeader.HopByHop)
        {
            isJumbo = JumboPayload.TryReadLength(octets[FixedHeaderSize..], out uint length);
            size = isJumbo ? FixedHeaderSize + (long)length : null;
        }
        packet = new Ipv6PacketView(octets[..(int)Math.Min(size ?? octets.Length, octets.Length)], size, isJumbo);
        return true;
    }

    /// <summary>The packet, as far as it is there, without what follows it.</summary>
    public ReadOnlySpan<byte> Octets => _packet;
    /// <summary>True if the payload's length stands in a Jumbo Payload option (RFC 2675).</summary>
    public bool IsJumbo { get; }
    /// <summary>False if octets at the end are missing, or if where the end is cannot be told.</summary>
    public bool IsWhole { get; }
    /// <summary>Octets that are missing at the end; 0 if where the end is cannot be told.</summary>
    public long MissingSize { get; }
    /// <summary>Hop Limit.</summary>
    public byte HopLimit => _packet[7];
    /// <summary>Source address.</summary>
    public Ipv6Address Source => Ipv6Address.Read(_packet[8..]);
    /// <summary>Destination address of the fixed header; see <see cref="TryGetFinalDestination"/>.</summary>
    public Ipv6Address Destination => Ipv6Address.Read(_packet[24..]);
    /// <summary>The extension headers.</summary>
    public ExtensionHeaders ExtensionHeaders => new(_packet[NextHeaderOffset], _packet[FixedHeaderSize..]);
    /// <summary>True if there is a Routing header.</summary>
    public bool HasRouting { get; }
    /// <summary>True for a part of a packet: behind a Fragment header that is not an atomic one (RFC 6946).</summary>
    public bool IsFragment { get; }
    /// <summary>What stands behind the last extension header.</summary>
    public byte UpperProtocol { get; }
    /// <summary>Where the walk along the extension headers stopped.</summary>
    public HeaderChainEnd End { get; }
    /// <summary>The upper-layer header and all behind it; empty if <see cref="End"/> is not
    /// <see cref="HeaderChainEnd.UpperLayer"/>.</summary>
    public ReadOnlySpan<byte> UpperLayer => End == HeaderChainEnd.UpperLayer ? _packet[_upperOffset..] : default;

    /// <summary>Where the packet goes in the end: with a Routing header, not always to <see cref="Destination"/>. False
    /// if a Routing header does not give it away.</summary>
    public bool TryGetFinalDestination(out Ipv6Address destination)
    {
        destination = _knowsFinalDestination ? _finalDestination : default;
        return _knowsFinalDestination;
    }

    /// <summary>
    /// The flow of the packet, with the final destination (draft-ietf-ippm-encrypted-pdmv2-15, PDMv2 Flow
    /// Identification). False if the upper layer cannot be reached or is too short to tell, or a Routing header hides
    /// the final destination.
    /// </summary>
    public bool TryGetFlow(out FlowKey flow)
    {
        flow = default;
        if (End != HeaderChainEnd.UpperLayer || !TryGetFinalDestination(out Ipv6Address destination)
            || !UpperLayerFields.TryReadPorts(UpperProtocol, UpperLayer, out ushort sourcePort, out ushort destinationPort))
            return false;
        flow = new FlowKey(Source, destination, UpperProtocol, sourcePort, destinationPort);
        return true;
    }
}
