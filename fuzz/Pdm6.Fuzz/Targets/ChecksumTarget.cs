using System.Buffers.Binary;
using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="InternetChecksum"/>: equals the word-by-word sum of RFC 1071, and a packet that carries what it
/// computes is right.</summary>
internal sealed class ChecksumTarget : FuzzTarget
{
    private readonly PacketTarget _packets = new();

    public override string Name => "checksum";
    public override IEnumerable<byte[]> Seeds => Samples.Packets.Select(packet =>
    {
        Repair(packet, packet.Length);
        return packet;
    });

    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    /// <summary>Makes lengths right, and the checksum.</summary>
    public override int Repair(Span<byte> room, int size)
    {
        size = _packets.Repair(room, size);
        if (Ipv6PacketView.TryRead(room[..size], out Ipv6PacketView packet) && InternetChecksum.TryVerify(packet, out _))
            WriteChecksum(packet, room[..size]);
        return size;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        uint sum = 0;
        for (int i = 0; i < input.Length; i++)
            sum += i % 2 == 0 ? (uint)input[i] << 8 : input[i];
        Expect.That(InternetChecksum.Fold(InternetChecksum.Sum(input)) == InternetChecksum.Fold(sum), "it is the sum of the words");
        if (!Ipv6PacketView.TryRead(input, out Ipv6PacketView packet) || !InternetChecksum.TryVerify(packet, out bool isRight))
            return new FuzzOutcome(false, Math.Min(input.Length, 41));
        Span<byte> copy = stackalloc byte[512];
        input.CopyTo(copy);
        copy = copy[..input.Length];
        ushort checksum = WriteChecksum(packet, copy);
        Ipv6PacketView.TryRead(copy, out Ipv6PacketView repaired);
        Expect.That(InternetChecksum.TryVerify(repaired, out bool isNowRight) && isNowRight, "what it computes is right");
        Expect.That(isRight == input.SequenceEqual(copy) || checksum is 0 or 0xffff, "only one checksum is right");
        return new FuzzOutcome(isRight, packet.UpperProtocol * 8 + (isRight ? 2 : 0) + (packet.HasRouting ? 1 : 0) + 64);
    }

    /// <summary>Writes to a copy of the packet the checksum that it should carry.</summary>
    private static ushort WriteChecksum(in Ipv6PacketView packet, Span<byte> copy)
    {
        Expect.That(packet.TryGetFinalDestination(out Ipv6Address destination), "what could be verified has a final destination");
        Span<byte> upper = copy.Slice(packet.Octets.Length - packet.UpperLayer.Length, packet.UpperLayer.Length);
        int at = packet.UpperProtocol switch { NextHeader.Tcp => 16, NextHeader.Udp => 6, _ => 2 };
        upper[at] = upper[at + 1] = 0;
        ushort checksum = packet.UpperProtocol == NextHeader.Udp
            ? InternetChecksum.ForUdp(packet.Source, destination, upper[..BinaryPrimitives.ReadUInt16BigEndian(upper[4..])])
            : InternetChecksum.OverPseudoHeader(packet.Source, destination, packet.UpperProtocol, upper);
        BinaryPrimitives.WriteUInt16BigEndian(upper[at..], checksum);
        return checksum;
    }
}
