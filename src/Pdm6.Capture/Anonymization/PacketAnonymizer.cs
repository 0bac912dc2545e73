using System.Buffers.Binary;
using Pdm6.Capture.Analysis;
using Pdm6.Wire;

namespace Pdm6.Capture.Anonymization;

/// <summary>
/// Rewrites the addresses of one packet in place: fixed header, Routing headers, Home Address options, packets inside it
/// and packets quoted by ICMPv6 errors; and says how much of it may be kept. Checksums are put right as far as they were.
/// </summary>
internal sealed class PacketAnonymizer(AddressAnonymizer addresses, WireSettings wire, bool keepsPayload)
{
    private const int SourceOffset = 8, DestinationOffset = 24;
    private const byte Ipv6InIpv6 = 41;
    private const byte HomeAddress = 0xc9;
    private const byte RoutingType0 = 0, RoutingTypeMobility = 2, SegmentRouting = 4;
    private const int RoutingAddressesOffset = 8, RoutingTypeOffset = 2, LastEntryOffset = 4;
    private const byte FirstInformational = 128, EchoRequest = 128, EchoReply = 129;
    private const int Icmpv6HeaderSize = 8, UdpHeaderSize = 8, TcpHeaderSize = 20;
    private const int MostNested = 4;

    /// <summary>Rewrites a packet.</summary>
    /// <param name="packet">From the fixed header on; may be cut short.</param>
    /// <returns>Octets of it that may be kept; 0 if it is no IPv6.</returns>
    public int Rewrite(Span<byte> packet) => Rewrite(packet, MostNested);

    private int Rewrite(Span<byte> packet, int nested)
    {
        if (!Ipv6PacketView.TryRead(packet, out Ipv6PacketView view))
            return 0;
        Ipv6Address source = view.Source;
        bool hasFinal = view.TryGetFinalDestination(out Ipv6Address final);
        int headersEnd = Ipv6PacketView.FixedHeaderSize;
        foreach (ExtensionHeader header in view.ExtensionHeaders)
            headersEnd += header.Octets.Length;
        bool hasUpper = view.End == HeaderChainEnd.UpperLayer;
        byte protocol = view.UpperProtocol;
        bool isFragment = view.IsFragment;
        int end = headersEnd + view.UpperLayer.Length;

        RewriteAddress(packet[SourceOffset..]);
        RewriteAddress(packet[DestinationOffset..]);
        RewriteHeaders(packet[..headersEnd]);
        if (!hasUpper)
            return headersEnd; // what follows is hidden, or a part of something
        ChecksumDelta delta = default;
        delta.Replace(source, addresses.Map(source));
        if (hasFinal)
            delta.Replace(final, addresses.Map(final));
        return headersEnd + RewriteUpper(packet[headersEnd..end], protocol, delta, isFragment, nested);
    }

    private void RewriteAddress(Span<byte> address) => addresses.Map(Ipv6Address.Read(address)).Write(address);

    private void RewriteHeaders(Span<byte> packet)
    {
        byte type = packet[6];
        Span<byte> rest = packet[Ipv6PacketView.FixedHeaderSize..];
        while (rest.Length >= 8)
        {
            int size = type == NextHeader.AuthenticationHeader ? (rest[1] + 2) * 4 : type == NextHeader.Fragment ? 8 : (rest[1] + 1) * 8;
            Span<byte> header = rest[..Math.Min(size, rest.Length)];
            if (type == NextHeader.Routing)
                RewriteRouting(header);
            else if (type == NextHeader.DestinationOptions)
                RewriteOptions(header);
            type = rest[0];
            rest = rest[header.Length..];
        }
    }

    private void RewriteRouting(Span<byte> header)
    {
        Span<byte> list = header[RoutingAddressesOffset..];
        int count = header[RoutingTypeOffset] switch
        {
            RoutingType0 or RoutingTypeMobility => list.Length / Ipv6Address.Size,
            SegmentRouting => Math.Min(header[LastEntryOffset] + 1, list.Length / Ipv6Address.Size),
            _ => 0,
        };
        for (int i = 0; i < count; i++)
            RewriteAddress(list[(i * Ipv6Address.Size)..]);
        // What else may stand there (compressed addresses, TLVs) is not known to be harmless.
        list[(count * Ipv6Address.Size)..].Clear();
    }

    private void RewriteOptions(Span<byte> header)
    {
        for (int offset = 2; offset + 1 < header.Length;)
        {
            if (header[offset] == 0)
            {
                offset++;
                continue;
            }
            int size = header[offset + 1];
            if (header[offset] == HomeAddress && size >= Ipv6Address.Size && offset + 2 + Ipv6Address.Size <= header.Length)
                RewriteAddress(header[(offset + 2)..]);
            offset += 2 + size;
        }
    }

    /// <summary>Returns how much of the upper layer may be kept.</summary>
    private int RewriteUpper(Span<byte> upper, byte protocol, ChecksumDelta delta, bool isFragment, int nested)
    {
        switch (protocol)
        {
            case NextHeader.Udp when upper.Length >= UdpHeaderSize:
                return RewriteUdp(upper, delta, isFragment);
            case NextHeader.Tcp when upper.Length >= TcpHeaderSize:
                delta.Apply(upper[16..], isUdp: false);
                return Kept(upper, (upper[12] >> 4) * 4);
            case NextHeader.Icmpv6 when upper.Length >= Icmpv6HeaderSize:
                return RewriteIcmpv6(upper, delta, nested);
            case Ipv6InIpv6:
                return nested > 0 ? Rewrite(upper, nested - 1) : 0;
            case NextHeader.UdpLite when upper.Length >= UdpHeaderSize:
                delta.Apply(upper[6..], isUdp: true);
                return Kept(upper, UdpHeaderSize);
            case NextHeader.Sctp or NextHeader.Dccp:
                return Kept(upper, 12);
            default:
                return keepsPayload ? upper.Length : 0;
        }
    }

    private int RewriteUdp(Span<byte> upper, ChecksumDelta delta, bool isFragment)
    {
        bool isFrame = BinaryPrimitives.ReadUInt16BigEndian(upper) == wire.FramePort
            || BinaryPrimitives.ReadUInt16BigEndian(upper[2..]) == wire.FramePort;
        int kept = Kept(upper, UdpHeaderSize);
        if (isFrame)
        {
            kept = upper.Length; // the payload is the measurement
        }
        else if (kept < upper.Length && !isFragment && UdpSurplus.TryFind(upper, out UdpSurplus surplus))
        {
            // The measurement stands behind the payload: that becomes zeros, and the checksum knows.
            Span<byte> payload = upper[UdpHeaderSize..surplus.UdpLength];
            delta.Replace(payload, default);
            payload.Clear();
            kept = upper.Length;
        }
        delta.Apply(upper[6..], isUdp: true);
        return kept;
    }

    private int RewriteIcmpv6(Span<byte> upper, ChecksumDelta delta, int nested)
    {
        int kept = Icmpv6HeaderSize;
        byte type = upper[0];
        if (type < FirstInformational && nested > 0)
        {
            // The quoted packet is data of this message: what changes in it changes the checksum, too.
            Span<byte> quote = upper[Icmpv6HeaderSize..];
            byte[] before = quote.ToArray();
            kept += Rewrite(quote, nested - 1);
            delta.Replace(before, quote);
        }
        delta.Apply(upper[2..], isUdp: false);
        bool mayHoldAddresses = type is not (EchoRequest or EchoReply) && type >= FirstInformational;
        if (mayHoldAddresses)
            return Math.Min(4, upper.Length); // neighbour discovery, multicast listeners and the like
        return type < FirstInformational ? Math.Min(kept, upper.Length) : Kept(upper, kept);
    }

    private int Kept(Span<byte> upper, int headerSize) =>
        keepsPayload ? upper.Length : Math.Min(headerSize, upper.Length);
}
