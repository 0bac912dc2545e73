using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// The PDM destination option of RFC 8250 section 3.2: 12 octets, always in clear, numbers of 16 bits.
/// <code>
/// |  Option Type  |  Option Len   |   ScaleDTLR   |   ScaleDTLS   |   0
/// |   PSN This Packet             |   PSN Last Received           |   4
/// |   Delta Time Last Received    |   Delta Time Last Sent        |   8
/// </code>
/// </summary>
/// <param name="Psntp">Packet Sequence Number This Packet.</param>
/// <param name="Psnlr">Packet Sequence Number Last Received; 0 before anything was received.</param>
/// <param name="DeltaTimeLastReceived">Send time of this packet minus receive time of the last one.</param>
/// <param name="DeltaTimeLastSent">Receive time of the last packet minus send time of the one sent before.</param>
public readonly record struct Pdmv1Option(
    ushort Psntp, ushort Psnlr, PdmTime DeltaTimeLastReceived, PdmTime DeltaTimeLastSent)
{
    /// <summary>The option type that IANA assigned: skipped by who does not know it, does not change on the way.</summary>
    public const byte OptionType = 0x0f;
    /// <summary>The option length; the option takes two octets more.</summary>
    public const byte OptionLength = 10;
    /// <summary>Octets of the option, type and length included.</summary>
    public const int Size = OptionLength + 2;

    /// <summary>Reads an option whose type octet is taken as given. False if its length is not 10, or not all of it is
    /// there; octets behind it belong to somebody else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Pdmv1Option option)
    {
        option = default;
        if (octets.Length < Size || octets[1] != OptionLength)
            return false;
        option = new Pdmv1Option(
            BinaryPrimitives.ReadUInt16BigEndian(octets[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(octets[6..]),
            new PdmTime(BinaryPrimitives.ReadUInt16BigEndian(octets[8..]), octets[2]),
            new PdmTime(BinaryPrimitives.ReadUInt16BigEndian(octets[10..]), octets[3]));
        return true;
    }

    /// <summary>The same as PDMv2 says it, whose numbers have 32 bits. PDMv1 has no Global Pointer.</summary>
    /// <param name="psnlr">What <see cref="Psnlr"/> is there, if anything was received.</param>
    public PdmMetrics ToMetrics(uint psnlr) => new(
        this is { Psnlr: 0, DeltaTimeLastReceived.IsZero: true } ? 0 : psnlr, 0, DeltaTimeLastReceived, DeltaTimeLastSent);

    /// <summary>Writes 12 octets to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 12 octets: a caller's mistake.</exception>
    public void Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Size, nameof(destination));
        destination[0] = OptionType;
        destination[1] = OptionLength;
        destination[2] = DeltaTimeLastReceived.Scale;
        destination[3] = DeltaTimeLastSent.Scale;
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Psntp);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], Psnlr);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], DeltaTimeLastReceived.Value);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], DeltaTimeLastSent.Value);
    }
}
