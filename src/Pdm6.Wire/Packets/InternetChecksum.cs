using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>The Internet checksum (RFC 1071), and what TCP, UDP and ICMPv6 make of it over the pseudo-header of
/// RFC 8200 section 8.1.</summary>
public static class InternetChecksum
{
    private const int TcpChecksumOffset = 16;
    private const int Icmpv6ChecksumOffset = 2;

    /// <summary>The plain sum of the 16-bit words of <paramref name="octets"/>; an odd last octet stands for a word whose
    /// second half is 0. Sums may be added up before they are folded, as long as only the last part is odd.</summary>
    public static ulong Sum(ReadOnlySpan<byte> octets)
    {
        // Four octets at a time: 2^16 = 1 modulo 2^16-1, so a double word is worth the sum of its halves.
        ulong sum = 0;
        for (; octets.Length >= 4; octets = octets[4..])
            sum += BinaryPrimitives.ReadUInt32BigEndian(octets);
        if (octets.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
            octets = octets[2..];
        }
        return octets.IsEmpty ? sum : sum + ((ulong)octets[0] << 8);
    }

    /// <summary>Folds a sum to the 16-bit one's-complement sum; the checksum is its complement.</summary>
    public static ushort Fold(ulong sum)
    {
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)sum;
    }

    /// <summary>The checksum of octets in which the checksum field is 0 (RFC 1071 section 1).</summary>
    public static ushort Compute(ReadOnlySpan<byte> octets) => (ushort)~Fold(Sum(octets));

    /// <summary>The checksum of a UDP datagram whose checksum field is 0: over the octets that its length counts, a
    /// surplus area not among them (RFC 9868 section 7). A result of 0 is sent as FFFF (RFC 8200 section 8.1).</summary>
    /// <param name="source">Source address.</param>
    /// <param name="finalDestination">Where the packet goes in the end, whatever a Routing header says.</param>
    /// <param name="datagram">UDP header and data.</param>
    public static ushort ForUdp(Ipv6Address source, Ipv6Address finalDestination, ReadOnlySpan<byte> datagram)
    {
        ushort checksum = OverPseudoHeader(source, finalDestination, NextHeader.Udp, datagram);
        return checksum == 0 ? ushort.MaxValue : checksum;
    }

    /// <summary>The checksum of a TCP segment or an ICMPv6 message (RFC 4443 section 2.3) whose checksum field is
    /// 0.</summary>
    /// <param name="source">Source address.</param>
    /// <param name="finalDestination">Where the packet goes in the end, whatever a Routing header says.</param>
    /// <param name="protocol">Its Next Header value.</param>
    /// <param name="upperLayer">Header and data.</param>
    public static ushort OverPseudoHeader(
        Ipv6Address source, Ipv6Address finalDestination, byte protocol, ReadOnlySpan<byte> upperLayer) =>
        (ushort)~Fold(SumOf(source) + SumOf(finalDestination) + (uint)upperLayer.Length + protocol + Sum(upperLayer));

    /// <summary>
    /// Is the checksum of this packet's TCP, UDP or ICMPv6 header right? False in <paramref name="isRight"/> for UDP
    /// without a checksum, too, which IPv6 forbids (RFC 8200 section 8.1).
    /// </summary>
    /// <returns>False if that cannot be told: another protocol, octets missing, a fragment, or a final destination that
    /// a Routing header does not give away.</returns>
    public static bool TryVerify(in Ipv6PacketView packet, out bool isRight)
    {
        isRight = false;
        ReadOnlySpan<byte> upper = packet.UpperLayer;
        int offset = packet.UpperProtocol switch
        {
            NextHeader.Tcp => TcpChecksumOffset,
            NextHeader.Udp => UdpHeader.ChecksumOffset,
            NextHeader.Icmpv6 => Icmpv6ChecksumOffset,
            _ => int.MaxValue - 2,
        };
        if (!packet.IsWhole || packet.IsFragment || upper.Length < offset + 2
            || !packet.TryGetFinalDestination(out Ipv6Address destination))
            return false;
        if (packet.UpperProtocol == NextHeader.Udp)
        {
            if (!UdpHeader.TryReadLength(upper, out ushort udpLength))
                return false;
            upper = upper[..udpLength];
        }
        bool isMissing = packet.UpperProtocol == NextHeader.Udp && BinaryPrimitives.ReadUInt16BigEndian(upper[offset..]) == 0;
        // Over a right checksum field the sum comes to FFFF, and its complement to 0.
        isRight = !isMissing && OverPseudoHeader(packet.Source, destination, packet.UpperProtocol, upper) == 0;
        return true;
    }

    private static ulong SumOf(Ipv6Address address) =>
        (ulong)(uint)address.Value + (uint)(address.Value >> 32) + (uint)(address.Value >> 64) + (uint)(address.Value >> 96);
}
