using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Support;

/// <summary>Ethernet frames with PDM options in them.</summary>
internal static class Frames
{
    /// <summary>A UDP packet whose Destination Options header, if any, holds these options.</summary>
    public static byte[] Udp(params byte[][] options) => [.. Ethernet(), .. Ipv6(options)];

    public static byte[] UdpBehind(byte[] linkHeader, params byte[][] options) => [.. linkHeader, .. Ipv6(options)];

    public static byte[] Ethernet(params byte[] vlanTags) => [.. new byte[12], .. vlanTags, 0x86, 0xdd];

    public static byte[] Ipv6(params byte[][] options)
    {
        byte[] udp = [0x9c, 0x40, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4];
        return options.Length == 0
            ? Ipv6(NextHeader.Udp, udp)
            : Ipv6(NextHeader.DestinationOptions, [.. DestinationOptions(NextHeader.Udp, options), .. udp]);
    }

    public static byte[] Ipv6(byte nextHeader, byte[] behind)
    {
        byte[] packet = new byte[40 + behind.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)behind.Length);
        (packet[6], packet[7]) = (nextHeader, 64);
        Ipv6Address.Parse("2001:db8::a").Write(packet.AsSpan(8));
        Ipv6Address.Parse("2001:db8::b").Write(packet.AsSpan(24));
        behind.CopyTo(packet, 40);
        return packet;
    }

    public static byte[] DestinationOptions(byte nextHeader, params byte[][] options)
    {
        List<byte> header = [nextHeader, 0, .. options.SelectMany(o => o)];
        while (header.Count % 8 != 0)
            header.Add(0);
        header[1] = (byte)(header.Count / 8 - 1);
        return [.. header];
    }

    public static byte[] Option(byte type, byte length, byte version = 2)
    {
        byte[] option = new byte[length + 2];
        (option[0], option[1], option[2]) = (type, length, (byte)(version << 4));
        return option;
    }

    public static byte[] Sealed { get; } = Option(0x1e, 38);
    public static byte[] Clear { get; } = Option(0x1e, 22);
    public static byte[] V1 { get; } = Option(0x0f, 10, version: 0);
}
