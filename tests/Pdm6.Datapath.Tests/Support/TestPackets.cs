using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>Ethernet frames for test runs.</summary>
internal static class TestPackets
{
    private const int EthernetSize = 14, Ipv6Size = 40, UdpSize = 8;
    private const ushort UdpChecksum = 0xabcd;

    internal static byte[] Udp(AddressPair pair, ushort sourcePort, ushort destinationPort, int payloadLength)
    {
        byte[] frame = Ipv6(pair, NextHeader.Udp, UdpSize + payloadLength);
        WriteUdp(frame.AsSpan(EthernetSize + Ipv6Size), sourcePort, destinationPort, payloadLength);
        return frame;
    }

    /// <summary>The same behind a Destination Options header of 32 octets: our clear option and PadN.</summary>
    internal static byte[] UdpWithClearOption(AddressPair pair, ushort sourcePort, ushort destinationPort, int payloadLength)
    {
        const int headerSize = 32;
        byte[] frame = Ipv6(pair, NextHeader.DestinationOptions, headerSize + UdpSize + payloadLength);
        Span<byte> header = frame.AsSpan(EthernetSize + Ipv6Size);
        header[0] = NextHeader.Udp;
        header[1] = headerSize / 8 - 1;
        Pdmv2OptionView.WriteHeader(header[2..], Pdmv2OptionView.DefaultOptionType, isProtected: false, epoch: 0, psntp: 1);
        header[26] = 1;
        header[27] = 4;
        WriteUdp(header[headerSize..], sourcePort, destinationPort, payloadLength);
        return frame;
    }

    private static byte[] Ipv6(AddressPair pair, byte nextHeader, int payloadLength)
    {
        byte[] frame = new byte[EthernetSize + Ipv6Size + payloadLength];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x86dd);
        Span<byte> ipv6 = frame.AsSpan(EthernetSize);
        ipv6[0] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(ipv6[4..], (ushort)payloadLength);
        ipv6[6] = nextHeader;
        ipv6[7] = 64;
        pair.Source.Write(ipv6[8..]);
        pair.Destination.Write(ipv6[24..]);
        return frame;
    }

    private static void WriteUdp(Span<byte> udp, ushort sourcePort, ushort destinationPort, int payloadLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(udp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpSize + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], UdpChecksum);
    }
}
