using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Pdm6.Wire;

/// <summary>
/// The five fields that make a PDMv2 flow (draft-ietf-ippm-encrypted-pdmv2-15, PDMv2 Flow Identification).
/// ICMPv6 has Type and Code in place of the source port (Type in the high octet) and, for echo, the Identifier in
/// place of the destination port. Protocols without ports have 0 and 0.
/// </summary>
public readonly record struct FlowKey(
    Ipv6Address Source, Ipv6Address Destination, byte Protocol, ushort SourcePort, ushort DestinationPort)
{
    /// <summary>Octets of <see cref="Write"/>.</summary>
    public const int Size = 37;

    private const byte EchoRequest = 128;
    private const byte EchoReply = 129;

    /// <summary>The ICMPv6 Type; meaningful for ICMPv6 flows only.</summary>
    public byte IcmpType => (byte)(SourcePort >> 8);

    /// <summary>True for ICMPv6 echo request and reply.</summary>
    public bool IsEcho => Protocol == NextHeader.Icmpv6 && IcmpType is EchoRequest or EchoReply;

    /// <summary>
    /// The flow of the opposite direction. Among ICMPv6 only echo request and reply are each other's reverse;
    /// other types have none.
    /// </summary>
    public bool TryReverse(out FlowKey reverse)
    {
        if (Protocol != NextHeader.Icmpv6)
        {
            reverse = new FlowKey(Destination, Source, Protocol, DestinationPort, SourcePort);
            return true;
        }
        reverse = IsEcho
            ? new FlowKey(Destination, Source, Protocol, (ushort)(SourcePort ^ ((EchoRequest ^ EchoReply) << 8)), DestinationPort)
            : default;
        return IsEcho;
    }

    /// <summary>True if all five fields are the same. Asked for every packet, so in as few comparisons as there can
    /// be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(FlowKey other) =>
        Ends == other.Ends && Source.Value == other.Source.Value && Destination.Value == other.Destination.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Destination, Ends);

    /// <summary>Writes source, destination, protocol and the two ports, network byte order, 37 octets.</summary>
    public void Write(Span<byte> destination)
    {
        Source.Write(destination);
        Destination.Write(destination[16..]);
        destination[32] = Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(destination[33..], SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(destination[35..], DestinationPort);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FlowKey Read(ReadOnlySpan<byte> octets) => new(
        Ipv6Address.Read(octets), Ipv6Address.Read(octets[16..]), octets[32],
        BinaryPrimitives.ReadUInt16BigEndian(octets[33..]), BinaryPrimitives.ReadUInt16BigEndian(octets[35..]));

    /// <summary>What is not an address, as one number.</summary>
    private ulong Ends => (ulong)Protocol << 32 | (uint)SourcePort << 16 | DestinationPort;
}
