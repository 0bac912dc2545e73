using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>The UDP header (RFC 768): ports, length, checksum.</summary>
internal static class UdpHeader
{
    /// <summary>Octets of the header.</summary>
    internal const int Size = 8;
    /// <summary>Where the checksum stands.</summary>
    internal const int ChecksumOffset = 6;

    private const int LengthOffset = 4;

    /// <summary>Reads the Length field: octets of header and data. False if it counts fewer than the header (the 0 of a
    /// jumbogram included) or more than there are.</summary>
    /// <param name="upperLayer">From the UDP header to the end of the IPv6 payload.</param>
    /// <param name="length">The field.</param>
    internal static bool TryReadLength(ReadOnlySpan<byte> upperLayer, out ushort length)
    {
        length = upperLayer.Length < Size ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(upperLayer[LengthOffset..]);
        return length >= Size && length <= upperLayer.Length;
    }
}
