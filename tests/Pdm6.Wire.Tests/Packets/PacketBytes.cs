using System.Buffers.Binary;

namespace Pdm6.Wire.Tests.Packets;

/// <summary>Builds IPv6 packets octet by octet.</summary>
internal static class PacketBytes
{
    public static readonly Ipv6Address Source = Ipv6Address.Parse("2001:db8::a");
    public static readonly Ipv6Address Destination = Ipv6Address.Parse("2001:db8::b");

    /// <summary>The fixed header and what follows it.</summary>
    public static byte[] Ipv6(byte nextHeader, params byte[][] parts)
    {
        byte[] behind = [.. parts.SelectMany(p => p)];
        byte[] packet = new byte[40 + behind.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)behind.Length);
        packet[6] = nextHeader;
        packet[7] = 61;
        Source.Write(packet.AsSpan(8));
        Destination.Write(packet.AsSpan(24));
        behind.CopyTo(packet, 40);
        return packet;
    }

    /// <summary>An options header: padded to a multiple of 8.</summary>
    public static byte[] OptionsHeader(byte nextHeader, params byte[][] options)
    {
        List<byte> header = [nextHeader, 0, .. options.SelectMany(o => o)];
        int pad = -header.Count & 7;
        if (pad == 1)
            header.Add(0);
        else if (pad > 1)
            header.AddRange([1, (byte)(pad - 2), .. new byte[pad - 2]]);
        header[1] = (byte)(header.Count / 8 - 1);
        return [.. header];
    }

    /// <summary>UDP in a jumbogram of this payload length (RFC 2675), behind a Hop-by-Hop header of 16 octets with another
    /// option and, at octet 46, the Jumbo Payload option.</summary>
    public static byte[] Jumbogram(int payloadLength)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, payloadLength);
        byte[] octets = Ipv6(NextHeader.HopByHop, OptionsHeader(NextHeader.Udp, Option(5, 1, 2), Option(0xc2, length)), Udp(1, 2, payloadLength - 24));
        (octets[4], octets[5]) = (0, 0);
        return octets;
    }

    public static byte[] Option(byte type, params byte[] data) => [type, (byte)data.Length, .. data];

    /// <summary>A PDMv2 option of this length, whose octets but the version are 0.</summary>
    public static byte[] Pdmv2(byte length, byte type = 0x1e, byte version = 2)
    {
        byte[] data = new byte[length];
        data[0] = (byte)(version << 4);
        return Option(type, data);
    }

    public static byte[] Routing(byte nextHeader) => [nextHeader, 0, 4, 0, 0, 0, 0, 0];

    public static byte[] Routing(byte nextHeader, byte type, byte segmentsLeft, params Ipv6Address[] addresses)
    {
        byte[] header = new byte[8 + 16 * addresses.Length];
        (header[0], header[1], header[2], header[3]) = (nextHeader, (byte)(2 * addresses.Length), type, segmentsLeft);
        if (type == 4)
            header[4] = (byte)(addresses.Length - 1);
        for (int i = 0; i < addresses.Length; i++)
            addresses[i].Write(header.AsSpan(8 + 16 * i));
        return header;
    }

    public static byte[] Fragment(byte nextHeader, ushort offset, bool hasMore) =>
        [nextHeader, 0, (byte)(offset >> 8), (byte)(offset | (hasMore ? 1 : 0)), 1, 2, 3, 4];

    /// <summary>An Authentication Header with 12 octets behind its fixed part.</summary>
    public static byte[] Authentication(byte nextHeader) => [nextHeader, 4, .. new byte[22]];

    public static byte[] Udp(ushort source, ushort destination, int payload)
    {
        byte[] udp = new byte[8 + payload];
        BinaryPrimitives.WriteUInt16BigEndian(udp, source);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(6), 0xbeef);
        return udp;
    }

    /// <summary>A surplus area around these UDP options, its pad and checksum right.</summary>
    public static byte[] Surplus(bool isOdd, params byte[][] options)
    {
        byte[] area = [.. new byte[isOdd ? 3 : 2], .. options.SelectMany(o => o)];
        UdpOption.WriteChecksum(area, isOdd);
        return area;
    }

    /// <summary>A PDM option as a UDP option, clear, version 2.</summary>
    public static byte[] PdmUdpOption(uint psntp = 1)
    {
        byte[] option = new byte[UdpOption.ClearLength];
        UdpOption.WriteAssociatedData(option, isProtected: false, UdpOption.DefaultExId, epoch: 0, psntp);
        return option;
    }

    public static byte[] Tcp(ushort source, ushort destination, uint sequence, byte flags, int headerSize, int payload)
    {
        byte[] tcp = new byte[headerSize + payload];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, source);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), sequence);
        tcp[12] = (byte)(headerSize / 4 << 4);
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(16), 0xcafe);
        return tcp;
    }
}
