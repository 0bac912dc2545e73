namespace Pdm6.Wire;

/// <summary>
/// A Routing header seen in place (RFC 8200 section 4.4). The list of addresses is that of types 0 (RFC 5095: not to
/// be used any more), 2 (RFC 6275) and 4, the Segment Routing Header (RFC 8754), whose list runs backwards.
/// <code>
/// |  Next Header  |  Hdr Ext Len  | Routing Type  | Segments Left |   0
/// |   type 4: Last Entry, Flags, Tag; types 0 and 2: reserved     |   4
/// |     Addresses, 16 octets each; type 4: TLVs behind them       |   8
/// </code>
/// </summary>
public readonly ref struct RoutingHeaderView
{
    private const byte SourceRoute = 0;
    private const byte HomeAddress = 2;
    private const byte SegmentRouting = 4;
    private const int AddressesOffset = 8;

    private readonly ReadOnlySpan<byte> _header;

    /// <summary>A header that is known to be all there.</summary>
    internal RoutingHeaderView(ReadOnlySpan<byte> header) => _header = header;

    /// <summary>Reads a header; false if it is cut short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out RoutingHeaderView header)
    {
        header = default;
        if (octets.Length < AddressesOffset || octets.Length < SizeOf(octets))
            return false;
        header = new RoutingHeaderView(octets[..SizeOf(octets)]);
        return true;
    }

    /// <summary>Routing Type.</summary>
    public byte RoutingType => _header[2];
    /// <summary>Nodes still to be visited before the final destination, as the sender listed them.</summary>
    public byte SegmentsLeft => _header[3];

    /// <summary>How many addresses the header lists; 0 for types that have no such list or are not known.</summary>
    public int AddressCount
    {
        get
        {
            int room = (_header.Length - AddressesOffset) / Ipv6Address.Size;
            return RoutingType switch
            {
                SourceRoute or HomeAddress => room,
                SegmentRouting => _header[4] < room ? _header[4] + 1 : 0,
                _ => 0,
            };
        }
    }

    /// <summary>An address of the list, in the order of the octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such address: a caller's mistake.</exception>
    public Ipv6Address Address(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, AddressCount);
        return Ipv6Address.Read(_header[(AddressesOffset + index * Ipv6Address.Size)..]);
    }

    /// <summary>
    /// Where a packet with this header goes in the end: to the destination of its fixed header if no segment is left,
    /// else to the last node listed. False if the list does not say: a type not known, or a list too short for the
    /// segments left.
    /// </summary>
    /// <param name="destination">Destination of the fixed header.</param>
    /// <param name="final">The final destination.</param>
    public bool TryGetFinalDestination(Ipv6Address destination, out Ipv6Address final)
    {
        final = destination;
        if (SegmentsLeft == 0)
            return true;
        // A reduced Segment Routing Header leaves out the first node, so as many may be left as there are entries.
        if (SegmentsLeft > AddressCount)
            return false;
        final = Address(RoutingType == SegmentRouting ? 0 : AddressCount - 1);
        return true;
    }

    private static int SizeOf(ReadOnlySpan<byte> octets) => (octets[1] + 1) * 8;
}
