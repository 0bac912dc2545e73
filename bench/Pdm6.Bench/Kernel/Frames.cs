using System.Buffers.Binary;
using System.Net;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>The packets of the test runs: 64 octets in UDP, between the two hosts that the policy knows.</summary>
internal static class Frames
{
    public const int PayloadSize = 64;
    public const ushort SelectedPort = 9000, OtherPort = 9001, ClientPort = 40000;

    private const int LinkHeaderSize = 14, Ipv6Size = 40, UdpSize = 8;

    public static readonly AddressPair Pair = new(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"));

    /// <summary>A destination that no prefix of the policy holds.</summary>
    public static readonly AddressPair Elsewhere = Pair with { Destination = Ipv6Address.Parse("2001:db9::2") };

    public static byte[] Udp(AddressPair pair, ushort destinationPort)
    {
        byte[] frame = new byte[LinkHeaderSize + Ipv6Size + UdpSize + PayloadSize];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x86dd);
        Span<byte> ipv6 = frame.AsSpan(LinkHeaderSize);
        ipv6[0] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(ipv6[4..], UdpSize + PayloadSize);
        ipv6[6] = NextHeader.Udp;
        ipv6[7] = 64;
        pair.Source.Write(ipv6[8..]);
        pair.Destination.Write(ipv6[24..]);
        Span<byte> udp = ipv6[Ipv6Size..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, ClientPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], UdpSize + PayloadSize);
        return frame;
    }

    public static IPEndPoint EndPoint(Ipv6Address address, int port)
    {
        byte[] octets = new byte[Ipv6Address.Size];
        address.Write(octets);
        return new IPEndPoint(new IPAddress(octets), port);
    }
}
