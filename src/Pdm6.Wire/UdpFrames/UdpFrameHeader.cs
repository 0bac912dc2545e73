using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>The first 16 octets of a udp-frame, see <see cref="UdpFrame"/>.</summary>
/// <param name="Flags">The flags.</param>
/// <param name="KeyId">Which key; 0 without <see cref="UdpFrameFlags.KeyId"/>.</param>
/// <param name="Sequence">The sender's number of this frame.</param>
/// <param name="TimestampMicroseconds">When it was sent, microseconds since the Unix epoch.</param>
public readonly record struct UdpFrameHeader(
    UdpFrameFlags Flags, ushort KeyId, uint Sequence, ulong TimestampMicroseconds)
{
    /// <summary>Octets on the wire.</summary>
    public const int Size = UdpFrame.HeaderSize;

    private const UdpFrameFlags KnownFlags = UdpFrameFlags.Encrypted | UdpFrameFlags.Request | UdpFrameFlags.KeyId;

    /// <summary>Writes 16 octets to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">A key id without its flag, a flag that does not exist, or fewer than 16
    /// octets: a caller's mistake.</exception>
    public void Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Size, nameof(destination));
        if ((Flags & ~KnownFlags) != 0)
            throw new ArgumentException("The flags are Encrypted, Request and KeyId.", nameof(destination));
        if (KeyId != 0 && (Flags & UdpFrameFlags.KeyId) == 0)
            throw new ArgumentException("A key id needs the flag KeyId.", nameof(destination));
        destination[0] = UdpFrame.Version;
        destination[1] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], KeyId);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Sequence);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], TimestampMicroseconds);
    }

    internal static UdpFrameHeader Read(ReadOnlySpan<byte> octets)
    {
        UdpFrameFlags flags = (UdpFrameFlags)octets[1] & KnownFlags;
        ushort keyId = (flags & UdpFrameFlags.KeyId) == 0 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        return new UdpFrameHeader(flags, keyId,
            BinaryPrimitives.ReadUInt32BigEndian(octets[4..]), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]));
    }
}
