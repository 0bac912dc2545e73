using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>A protected option as it left the sender, and the flow of the packet that carries it. Of a UDP option the
/// octets from its ExID on: epoch and number stand at the same places.</summary>
internal readonly struct SealedOption(FlowKey flow, OptionBytes option, Carriage carriage)
{
    internal readonly FlowKey Flow = flow;
    internal readonly OptionBytes Option = option;
    internal readonly Carriage Carriage = carriage;

    private const int EthernetSize = 14, Ipv6Size = 40;

    /// <summary>Octets that sealing adds to a packet.</summary>
    internal const int HeaderSize = 48;

    /// <summary>The number and the epoch that the packet tells in clear.</summary>
    internal uint Psntp => BinaryPrimitives.ReadUInt32BigEndian(Octets[4..]);
    internal ushort Epoch => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(Octets[2..]) & 0x0fff);

    [UnscopedRef]
    internal ReadOnlySpan<byte> Octets => ((ReadOnlySpan<byte>)Option)[..Pdmv2OptionView.ProtectedSize];

    /// <summary>Reads an Ethernet frame; false if it has neither a Destination Options header with an option as ours in front
    /// nor a UDP option as ours.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> frame, out SealedOption sealedOption)
    {
        if (TryReadUdpOption(frame, out sealedOption))
            return true;
        if (frame.Length < EthernetSize + Ipv6Size + HeaderSize + 8)
            return false;
        ReadOnlySpan<byte> ipv6 = frame[EthernetSize..], header = ipv6[Ipv6Size..], upper = header[HeaderSize..];
        if (ipv6[6] != NextHeader.DestinationOptions || header[2] != Pdmv2OptionView.DefaultOptionType || header[3] != Pdmv2OptionView.ProtectedLength)
            return false;
        ushort first = BinaryPrimitives.ReadUInt16BigEndian(upper), second = BinaryPrimitives.ReadUInt16BigEndian(upper[2..]);
        if (header[0] == NextHeader.Icmpv6)
            second = BinaryPrimitives.ReadUInt16BigEndian(upper[4..]);
        FlowKey flow = new(Ipv6Address.Read(ipv6[8..]), Ipv6Address.Read(ipv6[24..]), header[0], first, second);
        sealedOption = new SealedOption(flow, OptionBytes.From(header.Slice(2, Pdmv2OptionView.ProtectedSize)), Carriage.DestinationOptionV2);
        return true;
    }

    private static bool TryReadUdpOption(ReadOnlySpan<byte> frame, out SealedOption sealedOption)
    {
        sealedOption = default;
        if (frame.Length < EthernetSize + Ipv6Size + 8 || frame[EthernetSize + 6] != NextHeader.Udp)
            return false;
        ReadOnlySpan<byte> ipv6 = frame[EthernetSize..], udp = ipv6[Ipv6Size..];
        if (!UdpSurplus.TryFind(udp, out UdpSurplus surplus)
            || UdpOptionView.TryRead(surplus.Octets, surplus.StartsAtOddOffset, UdpOption.DefaultExId, out UdpOptionView view) != UdpOptionReadStatus.Ok
            || !view.IsProtected)
            return false;
        FlowKey flow = new(
            Ipv6Address.Read(ipv6[8..]), Ipv6Address.Read(ipv6[24..]), NextHeader.Udp,
            BinaryPrimitives.ReadUInt16BigEndian(udp), BinaryPrimitives.ReadUInt16BigEndian(udp[2..]));
        sealedOption = new SealedOption(flow, OptionBytes.From(view.Octets[2..]), Carriage.UdpOption);
        return true;
    }
}
