using System.Buffers.Binary;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Anonymization;
using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>What anonymizes packets: addresses become those that stand for them, headers and ports stay, and a checksum
/// that was right stays right. Octet 0 of the input says whether payloads are kept.</summary>
internal sealed class CaptureAnonymizeTarget : FuzzTarget
{
    private readonly ChecksumTarget _packets = new();
    private readonly AddressAnonymizer _addresses = new(LabKeys.BaseSecret);
    private readonly PacketAnonymizer[] _anonymizers;
    private readonly GuardedMemory _memory = new(600);

    public CaptureAnonymizeTarget() =>
        _anonymizers = [new(_addresses, new WireSettings(), keepsPayload: false), new(_addresses, new WireSettings(), keepsPayload: true)];

    public override string Name => "capture-anonymize";
    public override int Share => 2;
    public override int LargestInput => 600;
    public override bool AllocatesNothing => false; // addresses not met before are remembered

    public override IEnumerable<byte[]> Seeds => _packets.Seeds.Concat(Nested).SelectMany(packet => new byte[] { 0, 1 }.Select(keeps =>
    {
        byte[] input = [keeps, .. packet];
        Repair(input, input.Length);
        return input;
    }));

    public override IReadOnlyList<byte[]> Tokens => [.. Samples.Tokens, [0xc9, 16], [41], [1, 4, 0, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 5, 0xdc]];

    /// <summary>Packets in packets, quoted packets, and a Home Address option.</summary>
    private static IEnumerable<byte[]> Nested
    {
        get
        {
            byte[] inner = Samples.Packet(NextHeader.Udp, Samples.Udp(5)), deep = inner, measured = Samples.Udp(20), answer = Samples.Udp(20);
            BinaryPrimitives.WriteUInt16BigEndian(measured.AsSpan(2), WireSettings.DefaultFramePort);
            BinaryPrimitives.WriteUInt16BigEndian(answer, WireSettings.DefaultFramePort);
            for (int depth = 0; depth < 7; depth++)
                deep = Samples.Packet(41, deep);
            return
            [
                Samples.Packet(41, inner), Samples.Packet(NextHeader.Icmpv6, [1, 4, 0, 0, 0, 0, 0, 0, .. inner]),
                Samples.Packet(NextHeader.DestinationOptions, Samples.OptionsHeader(NextHeader.Udp, [0xc9, 16, .. new byte[16]]), Samples.Udp(1)),
                deep, Samples.Packet(NextHeader.Udp, measured), Samples.Packet(NextHeader.Udp, answer), Samples.Packet(NextHeader.Dccp, new byte[20]),
                Samples.Packet(NextHeader.Udp, new byte[7]), Samples.Packet(NextHeader.Tcp, new byte[19]), Samples.Packet(NextHeader.UdpLite, new byte[7]),
                Samples.Packet(NextHeader.Icmpv6, new byte[7]), Samples.Packet(NextHeader.Icmpv6, [129, 0, 0, 0, 1, 2, 0, 1, 9]), Samples.Packet(99, [1, 2]),
                Samples.Packet(NextHeader.Routing, Samples.Routing(NextHeader.Udp, 77, 1, 2), Samples.Udp(1)),
                Samples.Packet(NextHeader.Fragment, Samples.Fragment(NextHeader.Udp, 1), Samples.Udp(4), Samples.ClearSurplus(false)),
            ];
        }
    }

    public override int Repair(Span<byte> room, int size) => size == 0 ? 0 : 1 + _packets.Repair(room[1..], size - 1);

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return default;
        bool keepsPayload = (input[0] & 1) != 0;
        ReadOnlySpan<byte> packet = input[1..];
        Span<byte> copy = _memory.AtEnd(packet.Length);
        packet.CopyTo(copy);
        int kept = _anonymizers[keepsPayload ? 1 : 0].Rewrite(copy);
        Expect.That(kept >= 0 && kept <= packet.Length, "no more is kept than there is");
        if (!Ipv6PacketView.TryRead(packet, out Ipv6PacketView before))
        {
            Expect.That(kept == 0, "only IPv6 is kept");
            return new FuzzOutcome(false, Math.Min(packet.Length, 41));
        }
        Expect.That(Ipv6PacketView.TryRead(copy, out Ipv6PacketView after), "a packet stays a packet");
        Expect.That(after.Source == _addresses.Map(before.Source) && after.Destination == _addresses.Map(before.Destination), "addresses are mapped");
        Expect.That(before.End == after.End && before.UpperProtocol == after.UpperProtocol && before.UpperLayer.Length == after.UpperLayer.Length,
            "headers stay");
        bool hadFlow = before.TryGetFlow(out FlowKey flow);
        Expect.That(hadFlow == after.TryGetFlow(out FlowKey mapped), "a flow stays a flow");
        Expect.That(!hadFlow || mapped == flow with { Source = _addresses.Map(flow.Source), Destination = _addresses.Map(flow.Destination) },
            "a flow has the mapped addresses");
        // Of an upper-layer header that is not all there nothing is promised.
        bool wasRight = UpperLayerFields.TryRead(before.UpperProtocol, before.UpperLayer, out _)
            && InternetChecksum.TryVerify(before, out bool isRight) && isRight;
        if (wasRight && keepsPayload)
            Expect.That(InternetChecksum.TryVerify(after, out bool isStillRight) && isStillRight, "a checksum that was right stays right");
        return new FuzzOutcome(hadFlow, Feature.Of(1, before.UpperProtocol, (int)before.End, kept * 8 / Math.Max(1, packet.Length), wasRight ? 1 : 0, input[0] & 1));
    }
}
