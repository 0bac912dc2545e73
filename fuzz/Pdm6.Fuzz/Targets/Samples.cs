using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>Well-formed parts that several targets begin with.</summary>
internal static class Samples
{
    public static readonly Ipv6Address Source = Ipv6Address.Parse("2001:db8::a");
    public static readonly Ipv6Address Destination = Ipv6Address.Parse("2001:db8::b");
    public static readonly FlowKey Flow = new(Source, Destination, NextHeader.Udp, 40_000, 53);
    public static readonly PdmMetrics Metrics = new(7, 8, new PdmTime(0xee6b, 14), new PdmTime(0xe35f, 34));

    /// <summary>Octets that mean something in options and headers.</summary>
    public static readonly byte[][] Tokens =
    [
        [0x1e, 38, 0x20], [0x1e, 22, 0x20], [0x0f, 10], [0x0f, 34, 0x20], [0x0f, 38, 0x20], [0x0f, 22, 0x20], [1, 0], [1, 4, 0, 0, 0, 0], [0],
        [127, 42, 0x50, 0x4d, 0x20], [127, 26, 0x50, 0x4d, 0x20], [127, 255, 0, 28, 0x50, 0x4d], [3, 10, 0, 20, 0, 0, 0, 1, 0, 0], [4, 4], [5, 5],
        [192, 2], [255, 1, 0], [NextHeader.HopByHop], [NextHeader.Routing], [NextHeader.Fragment], [NextHeader.DestinationOptions],
        [NextHeader.AuthenticationHeader], [NextHeader.Esp], [NextHeader.None], [NextHeader.Udp], [NextHeader.Tcp], [NextHeader.Icmpv6],
        [NextHeader.Sctp], [128, 0], [129, 0], [135, 0], [0xff, 2], [0xc2, 4, 0, 1, 0, 0],
    ];

    /// <summary>A PDM option of this type and length, version 2, other octets counting.</summary>
    public static byte[] Pdm(byte type, byte length)
    {
        byte[] option = [.. Enumerable.Range(0, length + 2).Select(i => (byte)i)];
        (option[0], option[1]) = (type, length);
        if (length > 10)
            option[2] = 0x2a;
        return option;
    }

    /// <summary>An options header, padded.</summary>
    public static byte[] OptionsHeader(byte nextHeader, params byte[][] options)
    {
        List<byte> header = [nextHeader, 0, .. options.SelectMany(o => o)];
        while (header.Count % 8 != 0)
            header.Add(0);
        header[1] = (byte)(header.Count / 8 - 1);
        return [.. header];
    }

    public static byte[] Routing(byte nextHeader, byte type, byte segmentsLeft, int addresses)
    {
        byte[] header = new byte[8 + addresses * Ipv6Address.Size];
        (header[0], header[1], header[2], header[3], header[4]) =
            (nextHeader, (byte)(addresses * 2), type, segmentsLeft, (byte)(addresses - 1));
        for (int i = 0; i < addresses; i++)
            new Ipv6Address(Destination.Value + (uint)i + 1).Write(header.AsSpan(8 + i * Ipv6Address.Size));
        return header;
    }

    public static byte[] Fragment(byte nextHeader, ushort offsetAndFlags) =>
        [nextHeader, 0, (byte)(offsetAndFlags >> 8), (byte)offsetAndFlags, 1, 2, 3, 4];

    public static byte[] Authentication(byte nextHeader) => [nextHeader, 4, .. new byte[22]];

    public static byte[] Udp(int data)
    {
        byte[] udp = new byte[8 + data];
        BinaryPrimitives.WriteUInt16BigEndian(udp, 40_000);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), 53);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        return udp;
    }

    public static byte[] Tcp(int headerSize, int data)
    {
        byte[] tcp = new byte[headerSize + data];
        (tcp[1], tcp[3], tcp[12], tcp[13]) = (80, 90, (byte)(headerSize / 4 << 4), 0x18);
        return tcp;
    }

    /// <summary>A surplus area with a clear option.</summary>
    public static byte[] ClearSurplus(bool isOdd)
    {
        byte[] surplus = new byte[UdpOption.ClearSurplusSize + 1];
        return surplus[..UdpOption.WriteClear(surplus, isOdd, 9, Metrics)];
    }

    /// <summary>A surplus area with a protected option, which opens under no key.</summary>
    public static byte[] ProtectedSurplus()
    {
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize], surplus = new byte[UdpOption.ProtectedSurplusSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 1, 2);
        UdpOption.WriteProtected(surplus, startsAtOddOffset: false, associatedData, new byte[PdmMetrics.Size], new byte[Pdmv2OptionView.TagSize]);
        return surplus;
    }

    /// <summary>A packet of these parts.</summary>
    public static byte[] Packet(byte nextHeader, params byte[][] parts)
    {
        byte[] packet = [.. new byte[Ipv6PacketView.FixedHeaderSize], .. parts.SelectMany(p => p)];
        (packet[0], packet[6], packet[7]) = (0x60, nextHeader, 61);
        Source.Write(packet.AsSpan(8));
        Destination.Write(packet.AsSpan(24));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - Ipv6PacketView.FixedHeaderSize));
        return packet;
    }

    /// <summary>Packets with every kind of header, option and upper layer.</summary>
    public static IEnumerable<byte[]> Packets =>
    [
        Packet(NextHeader.Udp, Udp(5)),
        Packet(NextHeader.Tcp, Tcp(24, 3)),
        Packet(NextHeader.Icmpv6, [128, 0, 0, 0, 1, 2, 0, 1, 9]),
        Packet(NextHeader.Icmpv6, [135, 0, 0, 0, 0, 0, 0, 0]),
        Packet(NextHeader.Sctp, new byte[16]),
        Packet(NextHeader.UdpLite, Udp(2)),
        Packet(NextHeader.Esp, new byte[20]),
        Packet(NextHeader.None),
        Packet(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdm(0x1e, 38)), Udp(4)),
        Packet(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Tcp, Pdm(0x1e, 22)), Tcp(20, 0)),
        Packet(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, Pdm(0x0f, 10), [5, 2, 0, 0], Pdm(0x0f, 34)), Udp(4)),
        Packet(NextHeader.DestinationOptions, OptionsHeader(NextHeader.Udp, [6, 3, 1, 2, 3], [1, 0]), Udp(1)),
        Packet(NextHeader.HopByHop, OptionsHeader(NextHeader.Routing, [5, 2, 0, 0]), Routing(NextHeader.Fragment, 4, 1, 2),
            Fragment(NextHeader.AuthenticationHeader, 0), Authentication(NextHeader.DestinationOptions),
            OptionsHeader(NextHeader.Udp, Pdm(0x1e, 22)), Udp(3), ClearSurplus(true)),
        Packet(NextHeader.Routing, Routing(NextHeader.Udp, 0, 2, 2), Udp(0)),
        Packet(NextHeader.Routing, Routing(NextHeader.Udp, 2, 1, 1), Udp(0)),
        Packet(NextHeader.Routing, Routing(NextHeader.Udp, 4, 0, 1), Udp(0)),
        Packet(NextHeader.Fragment, Fragment(NextHeader.Udp, 1), Udp(40)),
        Packet(NextHeader.Fragment, Fragment(NextHeader.Udp, 0x101), Udp(40)),
        Packet(NextHeader.Udp, Udp(4), ClearSurplus(false)),
        Packet(NextHeader.Udp, Udp(3), ClearSurplus(true)),
        Packet(NextHeader.Udp, Udp(0), ProtectedSurplus()),
    ];
}
