using System.Buffers.Binary;
using Pdm6.Capture;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>When the udp-frames of a capture passed, by their sequence number, for requests and replies apart.</summary>
internal sealed class CapturedFrames
{
    private const int Port = 8250, UdpHeaderSize = 8;

    internal Dictionary<uint, ulong> Requests { get; } = [];

    internal Dictionary<uint, ulong> Replies { get; } = [];

    internal static CapturedFrames Read(string capture)
    {
        CapturedFrames found = new();
        using CaptureReader reader = CaptureReader.Open(capture);
        while (reader.TryReadNext(out CapturedFrame frame))
        {
            if (!frame.TryFindIpv6(out ReadOnlySpan<byte> octets) || !Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet)
                || packet.UpperProtocol != 17)
                continue;
            ReadOnlySpan<byte> udp = packet.UpperLayer;
            uint sequence = BinaryPrimitives.ReadUInt32BigEndian(udp[(UdpHeaderSize + 4)..]);
            bool isRequest = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) == Port;
            (isRequest ? found.Requests : found.Replies).TryAdd(sequence, frame.TimestampNs);
        }
        Assert.Null(reader.Problem);
        return found;
    }
}
