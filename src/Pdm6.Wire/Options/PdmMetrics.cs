using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// The 16-octet metric block of PDMv2 (draft-ietf-ippm-encrypted-pdmv2-15, Protected PDMv2 Format): what the clear
/// form carries in octets 8..23 and the protected form encrypts.
/// <code>
///  0                   1                   2                   3
/// |               Packet Sequence Number Last Received            |
/// |                       Global Pointer                          |
/// |   ScaleDTLR   |   ScaleDTLS   |           Reserved            |
/// |   Delta Time Last Received    |    Delta Time Last Sent       |
/// </code>
/// </summary>
/// <param name="Psnlr">Packet Sequence Number Last Received; 0 before anything was received.</param>
/// <param name="GlobalPointer">PDM packets sent by the node, modulo 2^32.</param>
/// <param name="DeltaTimeLastReceived">Send time of this packet minus receive time of the last one.</param>
/// <param name="DeltaTimeLastSent">Receive time of the last packet minus send time of the one sent before.</param>
public readonly record struct PdmMetrics(
    uint Psnlr, uint GlobalPointer, PdmTime DeltaTimeLastReceived, PdmTime DeltaTimeLastSent)
{
    /// <summary>Octets on the wire.</summary>
    public const int Size = 16;

    /// <summary>Reads a block. The reserved octets are ignored, as the draft asks of receivers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 16 octets: a caller's mistake.</exception>
    public static PdmMetrics Read(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadUInt32BigEndian(block),
        BinaryPrimitives.ReadUInt32BigEndian(block[4..]),
        new PdmTime(BinaryPrimitives.ReadUInt16BigEndian(block[12..]), block[8]),
        new PdmTime(BinaryPrimitives.ReadUInt16BigEndian(block[14..]), block[9]));

    /// <summary>Writes the block, reserved octets 0.</summary>
    public void Write(Span<byte> block)
    {
        BinaryPrimitives.WriteUInt32BigEndian(block, Psnlr);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], GlobalPointer);
        block[8] = DeltaTimeLastReceived.Scale;
        block[9] = DeltaTimeLastSent.Scale;
        block[10] = block[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(block[12..], DeltaTimeLastReceived.Value);
        BinaryPrimitives.WriteUInt16BigEndian(block[14..], DeltaTimeLastSent.Value);
    }
}
