using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>A udp-frame as it left the sender.</summary>
internal readonly struct SealedFrame
{
    internal const int Size = UdpFrame.PdmFrameSize;

    private const int Udp = 14 + 40, UdpHeaderSize = 8;

    private readonly OptionBytes _octets;

    private SealedFrame(ReadOnlySpan<byte> octets) => _octets = OptionBytes.From(octets);

    [UnscopedRef]
    internal ref readonly OptionBytes Octets => ref _octets;

    internal uint Psntp => BinaryPrimitives.ReadUInt32BigEndian(Span[4..]);

    internal UInt128 Nonce => new(
        BinaryPrimitives.ReadUInt32BigEndian(Span[UdpFrame.HeaderSize..]), BinaryPrimitives.ReadUInt64BigEndian(Span[(UdpFrame.HeaderSize + 4)..]));

    [UnscopedRef]
    private ReadOnlySpan<byte> Span => _octets;

    /// <summary>Reads an Ethernet frame; false if it is no datagram with an encrypted udp-frame and nothing else.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> frame, out SealedFrame udpFrame)
    {
        udpFrame = default;
        if (frame.Length != Udp + UdpHeaderSize + Size || frame[14 + 6] != NextHeader.Udp
            || UdpFrameView.TryRead(frame[(Udp + UdpHeaderSize)..], out UdpFrameView view) != UdpFrameReadStatus.Ok || !view.IsEncrypted)
            return false;
        udpFrame = new SealedFrame(frame[(Udp + UdpHeaderSize)..]);
        return true;
    }
}
