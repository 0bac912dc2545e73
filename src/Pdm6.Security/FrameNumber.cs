using System.Buffers.Binary;

namespace Pdm6.Security;

/// <summary>
/// The nonce of an authentic udp-frame, taken apart (protocol reference, section 6). A receiver that must take each frame
/// once holds a <see cref="ReplayWindow"/> for each <see cref="Sender"/>; with a raw key, whose senders come and go, it
/// must check time stamps as well (<see cref="FrameOpener.FromKeyFile(KeyFile)"/>).
/// </summary>
/// <param name="Sender">For a raw key the 8 random octets of the sending process; 0 for a derived key, which has one
/// sender only.</param>
/// <param name="Number">The sender's counter: 32 bits from 0 for a raw key, 64 bits from 1 for a derived one.</param>
public readonly record struct FrameNumber(ulong Sender, ulong Number)
{
    internal static FrameNumber Read(ReadOnlySpan<byte> nonce, bool ofOnlySender) => ofOnlySender
        ? new FrameNumber(0, BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]))
        : new FrameNumber(
            BinaryPrimitives.ReadUInt64BigEndian(nonce), BinaryPrimitives.ReadUInt32BigEndian(nonce[8..]));
}
