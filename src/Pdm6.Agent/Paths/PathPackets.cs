using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>Makes IPv6 packets with a UDP datagram in one of the forms: what routers see is what measured packets look
/// like, but the options say version 0, which everybody skips, so that no number and no key is used.</summary>
/// <param name="optionType">Of the destination option.</param>
/// <param name="exId">Of the UDP option.</param>
internal sealed class PathPackets(byte optionType, ushort exId)
{
    private const int Ipv6HeaderSize = 40, UdpHeaderSize = 8;
    private const byte HopLimit = 64;

    /// <summary>Of the destination option.</summary>
    internal byte OptionType => optionType;

    /// <summary>Makes one. Both ports are <see cref="Datapath.PathTable.ProbePort"/>.</summary>
    /// <param name="source">An address of this host.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="form">What goes with it.</param>
    /// <param name="payload">An even number of octets, so that a surplus area needs no pad.</param>
    internal byte[] Make(Ipv6Address source, Ipv6Address destination, PathForm form, ReadOnlySpan<byte> payload)
    {
        int header = form.HeaderOctets(), surplus = form.SurplusOctets();
        byte[] packet = new byte[Ipv6HeaderSize + header + UdpHeaderSize + payload.Length + surplus];
        packet[0] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - Ipv6HeaderSize));
        packet[6] = header > 0 ? NextHeader.DestinationOptions : NextHeader.Udp;
        packet[7] = HopLimit;
        source.Write(packet.AsSpan(8));
        destination.Write(packet.AsSpan(24));
        if (header > 0)
            WriteHeader(packet.AsSpan(Ipv6HeaderSize, header));
        Span<byte> datagram = packet.AsSpan(Ipv6HeaderSize + header, UdpHeaderSize + payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram, Datapath.PathTable.ProbePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], Datapath.PathTable.ProbePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        payload.CopyTo(datagram[UdpHeaderSize..]);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], InternetChecksum.ForUdp(source, destination, datagram));
        if (surplus > 0)
            WriteSurplus(packet.AsSpan(packet.Length - surplus));
        return packet;
    }

    private void WriteHeader(Span<byte> header)
    {
        header[0] = NextHeader.Udp;
        header[1] = (byte)(header.Length / 8 - 1);
        header[2] = OptionType;
        header[3] = (byte)(header.Length - 4);
    }

    private void WriteSurplus(Span<byte> surplus)
    {
        surplus[2] = UdpOption.Kind;
        surplus[3] = (byte)(surplus.Length - 2);
        BinaryPrimitives.WriteUInt16BigEndian(surplus[4..], exId);
        UdpOption.WriteChecksum(surplus, startsAtOddOffset: false);
    }
}
