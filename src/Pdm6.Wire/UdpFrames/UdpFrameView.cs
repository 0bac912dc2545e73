using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>A udp-frame seen in place, see <see cref="UdpFrame"/> for its fields. Made by <see cref="TryRead"/> only;
/// after that no accessor can run past the end.</summary>
public readonly ref struct UdpFrameView
{
    private readonly ReadOnlySpan<byte> _frame;

    private UdpFrameView(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        Header = UdpFrameHeader.Read(frame);
    }

    /// <summary>
    /// Reads a UDP payload. Its size must be exactly what the fields say, and clear TLVs must be well-formed; encrypted
    /// ones can be checked only once they are opened (<see cref="TlvReader.IsWellFormed"/>). Anything but
    /// <see cref="UdpFrameReadStatus.Ok"/> leaves <paramref name="view"/> empty.
    /// </summary>
    public static UdpFrameReadStatus TryRead(ReadOnlySpan<byte> payload, out UdpFrameView view)
    {
        view = default;
        if (payload.IsEmpty)
            return UdpFrameReadStatus.Malformed;
        if (payload[0] != UdpFrame.Version)
            return UdpFrameReadStatus.UnknownVersion;
        if (payload.Length < UdpFrame.HeaderSize || !HasItsSize(payload))
            return UdpFrameReadStatus.Malformed;
        view = new UdpFrameView(payload);
        return UdpFrameReadStatus.Ok;
    }

    /// <summary>Flags, key id, sequence and time stamp.</summary>
    public UdpFrameHeader Header { get; }
    /// <summary>True if the TLVs are encrypted.</summary>
    public bool IsEncrypted => (Header.Flags & UdpFrameFlags.Encrypted) != 0;
    /// <summary>Octets that the tag binds: the header as it was on the wire.</summary>
    public ReadOnlySpan<byte> AssociatedData => _frame[..UdpFrame.HeaderSize];
    /// <summary>The nonce; empty in a clear frame.</summary>
    public ReadOnlySpan<byte> Nonce => IsEncrypted ? _frame.Slice(UdpFrame.HeaderSize, UdpFrame.NonceSize) : default;
    /// <summary>The encrypted TLVs; empty in a clear frame.</summary>
    public ReadOnlySpan<byte> Ciphertext => IsEncrypted ? _frame[UdpFrame.CiphertextOffset..^UdpFrame.TagSize] : default;
    /// <summary>The authentication tag; empty in a clear frame.</summary>
    public ReadOnlySpan<byte> Tag => IsEncrypted ? _frame[^UdpFrame.TagSize..] : default;
    /// <summary>The TLVs of a clear frame; empty in an encrypted one.</summary>
    public ReadOnlySpan<byte> ClearTlvs => IsEncrypted ? default : _frame[UdpFrame.HeaderSize..];

    private static bool HasItsSize(ReadOnlySpan<byte> frame)
    {
        if (((UdpFrameFlags)frame[1] & UdpFrameFlags.Encrypted) == 0)
            return TlvReader.IsWellFormed(frame[UdpFrame.HeaderSize..]);
        return frame.Length >= UdpFrame.SealedOverhead
            && BinaryPrimitives.ReadUInt32BigEndian(frame[UdpFrame.LengthOffset..]) == frame.Length - UdpFrame.SealedOverhead;
    }
}
