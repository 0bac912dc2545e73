using System.Buffers.Binary;
using Pdm6.Lab.Native;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>Takes a Destination Options header off a frame, as no router should (RFC 8200 section 4) and some do.</summary>
internal static class HeaderRemoval
{
    private const int Ipv6 = PacketSocket.VnetHeaderSize + FrameInspector.LinkHeaderSize, FixedSize = 40;
    // In struct virtio_net_hdr, host byte order: where the headers end, and where an unfinished checksum begins.
    private const int HeadersLengthOffset = 2, ChecksumStartOffset = 6;

    /// <summary>Takes the first unwanted one off.</summary>
    /// <param name="frame">With its virtio-net header in front.</param>
    /// <param name="unwanted">Which.</param>
    /// <returns>Octets of the frame that are left.</returns>
    internal static int TakeOff(Span<byte> frame, UnwantedPackets unwanted)
    {
        if (!Ipv6PacketView.TryRead(frame[Ipv6..], out Ipv6PacketView packet))
            return frame.Length;
        int namedAt = Ipv6 + 6, at = Ipv6 + FixedSize;
        foreach (ExtensionHeader header in packet.ExtensionHeaders)
        {
            if (header.Type == NextHeader.DestinationOptions && FrameInspector.IsUnwanted(header, unwanted))
                return Cut(frame, namedAt, at, header.Octets.Length);
            (namedAt, at) = (at, at + header.Octets.Length);
        }
        return frame.Length;
    }

    private static int Cut(Span<byte> frame, int namedAt, int at, int octets)
    {
        frame[namedAt] = frame[at];
        frame[(at + octets)..].CopyTo(frame[at..]);
        Span<byte> length = frame[(Ipv6 + 4)..];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(length) - octets));
        foreach (int offset in (ReadOnlySpan<int>)[HeadersLengthOffset, ChecksumStartOffset])
            if (BinaryPrimitives.ReadUInt16LittleEndian(frame[offset..]) is > 0 and ushort value)
                BinaryPrimitives.WriteUInt16LittleEndian(frame[offset..], (ushort)(value - octets));
        return frame.Length - octets;
    }
}
