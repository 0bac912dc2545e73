using System.Buffers.Binary;
using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="Ipv6PacketView"/> and all that walks a packet: headers add up to the packet, every view lies inside
/// it, and the walk over all PDM options finds what walks over each header find.</summary>
internal sealed class PacketTarget : FuzzTarget
{
    public override string Name => "packet";
    public override IEnumerable<byte[]> Seeds => Samples.Packets;
    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    /// <summary>Makes version, payload length, and the checksum of a surplus area right.</summary>
    public override int Repair(Span<byte> room, int size)
    {
        if (size < Ipv6PacketView.FixedHeaderSize)
            return size;
        room[0] = (byte)(0x60 | (room[0] & 0xf));
        BinaryPrimitives.WriteUInt16BigEndian(room[4..], (ushort)(size - Ipv6PacketView.FixedHeaderSize));
        if (Ipv6PacketView.TryRead(room[..size], out Ipv6PacketView packet) && UdpSurplus.TryFind(packet, out UdpSurplus surplus)
            && surplus.Octets.Length >= 3)
        {
            Span<byte> area = room[(size - surplus.Octets.Length)..size];
            if (surplus.StartsAtOddOffset)
                area[0] = 0;
            UdpOption.WriteChecksum(area, surplus.StartsAtOddOffset);
        }
        return size;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!Ipv6PacketView.TryRead(input, out Ipv6PacketView packet))
            return new FuzzOutcome(false, Math.Min(input.Length, 41));
        Expect.That(packet.Octets.Length <= input.Length && packet.Octets.Length >= 40, "a packet is no longer than what it was read from");
        Expect.Inside(input, packet.Octets);
        Expect.Inside(packet.Octets, packet.UpperLayer);
        int headers = CheckHeaders(packet, out int options, out int pdm);
        int flow = CheckFlow(packet);
        int surplus = CheckSurplus(packet, ref pdm);
        int found = 0;
        foreach (PdmOptionInPacket option in new PdmOptions(packet))
        {
            Expect.Inside(packet.Octets, option.Octets);
            found++;
        }
        Expect.That(found == pdm, "one walk finds every PDM option");
        Expect.That(new PdmOptions(packet).TryFindOnly(out PdmOptionInPacket only) == found > 0, "one walk finds every PDM option");
        Expect.That(found < 2 || only.Form == PdmOptionForm.Malformed, "two PDM options are malformed");
        InternetChecksum.TryVerify(packet, out bool isRight);
        int feature = Feature.Of(headers, Math.Min(options, 3), found, flow, surplus, (int)packet.End, packet.IsWhole ? 1 : 0, isRight ? 1 : 0);
        return new FuzzOutcome(flow != 0, feature);
    }

    private static int CheckHeaders(in Ipv6PacketView packet, out int options, out int pdm)
    {
        int size = Ipv6PacketView.FixedHeaderSize, kinds = 1;
        (options, pdm) = (0, 0);
        ExtensionHeaders.Enumerator walk = packet.ExtensionHeaders.GetEnumerator();
        while (walk.MoveNext())
        {
            ExtensionHeader header = walk.Current;
            Expect.Inside(packet.Octets, header.Octets);
            Expect.That(header.Octets.Length >= 8 && header.Type == walk.HeaderType, "an extension header has 8 octets or more");
            size += header.Octets.Length;
            kinds = kinds * 7 + header.Type;
            HeaderOptions.Enumerator each = header.Options.GetEnumerator();
            while (each.MoveNext())
            {
                Expect.Inside(header.Octets, each.Current);
                Expect.That(each.Current.Length == each.Current[1] + 2, "an option is whole");
                options++;
                if (header.Type == NextHeader.DestinationOptions && PdmOption.FormOf(each.Current) != PdmOptionForm.None)
                    pdm++;
            }
            Expect.Inside(header.Octets, each.Overrun);
            if (header.Type == NextHeader.DestinationOptions && each.IsMalformed && each.Overrun[0] is 0x0f or 0x1e)
                pdm++;
            if (header.Type == NextHeader.Routing)
                kinds = kinds * 3 + CheckRouting(header.Octets);
        }
        Expect.That(size == Ipv6PacketView.FixedHeaderSize + walk.Offset, "lengths add up");
        Expect.That(walk.End == packet.End && walk.NextHeader == packet.UpperProtocol, "two walks come to the same end");
        Expect.That(packet.End != HeaderChainEnd.UpperLayer || size + packet.UpperLayer.Length == packet.Octets.Length, "lengths add up");
        return kinds;
    }

    private static int CheckRouting(ReadOnlySpan<byte> octets)
    {
        Expect.That(RoutingHeaderView.TryRead(octets, out RoutingHeaderView routing), "a whole Routing header can be read");
        for (int i = 0; i < routing.AddressCount; i++)
            routing.Address(i);
        bool isKnown = routing.TryGetFinalDestination(Samples.Destination, out Ipv6Address final);
        Expect.That(routing.SegmentsLeft != 0 || (isKnown && final == Samples.Destination), "without segments left the destination is final");
        return isKnown ? 1 : 2;
    }

    private static int CheckFlow(in Ipv6PacketView packet)
    {
        bool hasFields = UpperLayerFields.TryRead(packet.UpperProtocol, packet.UpperLayer, out UpperLayerFields fields);
        Expect.That(!hasFields || fields.PayloadLength <= packet.UpperLayer.Length, "a payload is no longer than the upper layer");
        if (!packet.TryGetFlow(out FlowKey flow))
            return 0;
        Expect.That(packet.TryGetFinalDestination(out Ipv6Address final) && flow.Destination == final, "a flow has the final destination");
        Expect.That(flow.Source == packet.Source && flow.Protocol == packet.UpperProtocol, "a flow is that of its packet");
        if (flow.TryReverse(out FlowKey reverse))
            Expect.That(reverse.TryReverse(out FlowKey again) && again == flow, "the reverse of the reverse is the flow");
        return flow.Protocol * 8 + (hasFields ? 4 : 0) + (fields.PayloadLength > 0 ? 2 : 0) + (flow.IsEcho ? 1 : 0) + 1;
    }

    private static int CheckSurplus(in Ipv6PacketView packet, ref int pdm)
    {
        if (!UdpSurplus.TryFind(packet, out UdpSurplus surplus))
            return 0;
        Expect.Inside(packet.UpperLayer, surplus.Octets);
        Expect.That(surplus.UdpLength + surplus.Octets.Length == packet.UpperLayer.Length, "lengths add up");
        int offset = packet.Octets.Length - surplus.Octets.Length;
        Expect.That((offset & 1) == (surplus.StartsAtOddOffset ? 1 : 0), "the offset from the IPv6 header decides about the pad");
        UdpOptionReadStatus status = UdpOptionView.Find(
            surplus.Octets, surplus.StartsAtOddOffset, UdpOption.DefaultExId, out UdpOptionView view, out bool hasPdmOption);
        Expect.Inside(surplus.Octets, view.Octets);
        Expect.That(hasPdmOption || status is UdpOptionReadStatus.None or UdpOptionReadStatus.Malformed, "what was read was met");
        int at = surplus.StartsAtOddOffset ? 3 : 2;
        bool isOurs = status == UdpOptionReadStatus.Malformed
            && (hasPdmOption || (pdm == 0 && BeginsWithPdm(surplus.Octets, at)));
        if (status is UdpOptionReadStatus.Ok or UdpOptionReadStatus.UnknownVersion || isOurs)
            pdm++;
        return 1 + (int)status * 2 + (isOurs ? 1 : 0);
    }

    private static bool BeginsWithPdm(ReadOnlySpan<byte> area, int at)
    {
        while (at < area.Length && area[at] == 1)
            at++;
        if (area.Length < at + 2 || area[at] != 127)
            return false;
        int exId = area[at + 1] == 255 ? at + 4 : at + 2;
        return area.Length >= exId + 2 && area[exId] == 0x50 && area[exId + 1] == 0x4d;
    }
}
