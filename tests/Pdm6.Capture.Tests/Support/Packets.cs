using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Support;

/// <summary>Whole packets of any flow, with right checksums.</summary>
internal static class Packets
{
    public static readonly Ipv6Address A = Ipv6Address.Parse("2001:db8::a");
    public static readonly Ipv6Address B = Ipv6Address.Parse("2001:db8::b");

    public static FlowKey Udp(int port = 40_000, int serverPort = 53) => new(A, B, NextHeader.Udp, (ushort)port, (ushort)serverPort);

    public static FlowKey Reverse(this FlowKey flow) =>
        flow.TryReverse(out FlowKey reverse) ? reverse : throw new ArgumentException("No reverse.", nameof(flow));

    /// <param name="flow">The flow.</param>
    /// <param name="options">Destination options, if any.</param>
    /// <param name="payload">Behind the upper-layer header.</param>
    /// <param name="surplus">Behind a UDP datagram.</param>
    /// <param name="tcpSequence">For TCP.</param>
    public static byte[] Ipv6(
        in FlowKey flow, byte[][]? options = null, byte[]? payload = null, byte[]? surplus = null, uint tcpSequence = 0)
    {
        payload ??= new byte[12];
        byte[] upper = Upper(flow, payload, tcpSequence);
        byte[] header = options is null ? [] : Options(flow.Protocol, options);
        byte[] packet = [.. new byte[40], .. header, .. upper, .. surplus ?? []];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - 40));
        (packet[6], packet[7]) = (header.Length > 0 ? NextHeader.DestinationOptions : flow.Protocol, 61);
        flow.Source.Write(packet.AsSpan(8));
        flow.Destination.Write(packet.AsSpan(24));
        return packet;
    }

    public static byte[] Ethernet(byte[] packet) => [.. new byte[12], 0x86, 0xdd, .. packet];

    /// <summary>Options padded with PadN, as the kernel programs do.</summary>
    public static byte[] Options(byte nextHeader, params byte[][] options)
    {
        List<byte> header = [nextHeader, 0, .. options.SelectMany(option => option)];
        int pad = -header.Count & 7;
        if (pad == 1)
            header.Add(0);
        else if (pad > 1)
            header.AddRange([1, (byte)(pad - 2), .. new byte[pad - 2]]);
        header[1] = (byte)(header.Count / 8 - 1);
        return [.. header];
    }

    public static byte[] ClearOption(uint psntp, in PdmMetrics metrics, byte optionType = 0x1e)
    {
        byte[] option = new byte[Pdmv2OptionView.ClearSize];
        Pdmv2OptionView.WriteHeader(option, optionType, isProtected: false, 0, psntp);
        metrics.Write(option.AsSpan(Pdmv2OptionView.AssociatedDataSize));
        return option;
    }

    public static byte[] OptionV1(uint psntp, in PdmMetrics metrics)
    {
        byte[] option = new byte[Pdmv1Option.Size];
        new Pdmv1Option((ushort)psntp, (ushort)metrics.Psnlr, metrics.DeltaTimeLastReceived, metrics.DeltaTimeLastSent).Write(option);
        return option;
    }

    private static byte[] Upper(in FlowKey flow, byte[] payload, uint tcpSequence)
    {
        byte[] header = flow.Protocol switch
        {
            NextHeader.Udp => new byte[8],
            NextHeader.Tcp => new byte[20],
            NextHeader.Icmpv6 => new byte[8],
            _ => [],
        };
        byte[] upper = [.. header, .. payload];
        if (flow.Protocol == NextHeader.Icmpv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(upper, flow.SourcePort);
            BinaryPrimitives.WriteUInt16BigEndian(upper.AsSpan(4), flow.DestinationPort);
            BinaryPrimitives.WriteUInt16BigEndian(upper.AsSpan(2), InternetChecksum.OverPseudoHeader(flow.Source, flow.Destination, flow.Protocol, upper));
            return upper;
        }
        if (header.Length == 0)
            return upper;
        BinaryPrimitives.WriteUInt16BigEndian(upper, flow.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(upper.AsSpan(2), flow.DestinationPort);
        if (flow.Protocol == NextHeader.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(upper.AsSpan(4), (ushort)upper.Length);
            BinaryPrimitives.WriteUInt16BigEndian(upper.AsSpan(6), InternetChecksum.ForUdp(flow.Source, flow.Destination, upper));
            return upper;
        }
        BinaryPrimitives.WriteUInt32BigEndian(upper.AsSpan(4), tcpSequence);
        (upper[12], upper[13]) = (5 << 4, 0x18);
        BinaryPrimitives.WriteUInt16BigEndian(upper.AsSpan(16), InternetChecksum.OverPseudoHeader(flow.Source, flow.Destination, flow.Protocol, upper));
        return upper;
    }
}
