namespace Pdm6.Wire;

/// <summary>
/// The surplus area of a UDP datagram: what follows the octets that the UDP length counts, inside the IPv6 payload
/// (RFC 9868 section 7).
/// </summary>
public readonly ref struct UdpSurplus
{
    private UdpSurplus(ReadOnlySpan<byte> octets, ushort udpLength)
    {
        Octets = octets;
        UdpLength = udpLength;
    }

    /// <summary>Finds the area behind a UDP datagram.</summary>
    /// <param name="upperLayer">From the UDP header to the end of the IPv6 payload.</param>
    /// <param name="surplus">The area, at least one octet.</param>
    /// <returns>False if there is none, or the UDP length counts more octets than there are, or less than its own
    /// header (the 0 of a jumbogram included).</returns>
    public static bool TryFind(ReadOnlySpan<byte> upperLayer, out UdpSurplus surplus)
    {
        surplus = default;
        if (!UdpHeader.TryReadLength(upperLayer, out ushort udpLength) || udpLength == upperLayer.Length)
            return false;
        surplus = new UdpSurplus(upperLayer[udpLength..], udpLength);
        return true;
    }

    /// <summary>Finds the area in a packet. False, too, for a packet of which octets are missing, and for fragments:
    /// where their area begins or ends cannot be told.</summary>
    public static bool TryFind(scoped in Ipv6PacketView packet, out UdpSurplus surplus)
    {
        surplus = default;
        return packet.UpperProtocol == NextHeader.Udp && packet.IsWhole && !packet.IsFragment
            && TryFind(packet.UpperLayer, out surplus);
    }

    /// <summary>The area, pad included.</summary>
    public ReadOnlySpan<byte> Octets { get; }
    /// <summary>The UDP Length field: header and data.</summary>
    public ushort UdpLength { get; }
    /// <summary>True if the area begins at an odd offset from the start of the IPv6 header. All that stands before the
    /// UDP header takes an even number of octets.</summary>
    public bool StartsAtOddOffset => IsOddOffset(UdpLength);

    /// <summary>True if the area behind a datagram of this UDP length begins at an odd offset.</summary>
    public static bool IsOddOffset(ushort udpLength) => (udpLength & 1) != 0;
}
