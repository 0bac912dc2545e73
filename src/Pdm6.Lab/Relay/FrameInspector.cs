using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>Finds out what the relay must know of an Ethernet frame with an IPv6 packet in it. Never throws.</summary>
internal static class FrameInspector
{
    /// <summary>Octets of the Ethernet header.</summary>
    internal const int LinkHeaderSize = 14;

    /// <summary>Reads the frame; false if it holds no IPv6 packet.</summary>
    internal static bool TryInspect(ReadOnlySpan<byte> frame, out FrameFacts facts)
    {
        facts = default;
        if (frame.Length < LinkHeaderSize || !Ipv6PacketView.TryRead(frame[LinkHeaderSize..], out Ipv6PacketView packet))
            return false;
        // A packet whose ports cannot be told (a fragment, ESP) is forwarded like any other.
        if (!packet.TryGetFlow(out FlowKey flow))
            flow = new FlowKey(packet.Source, packet.Destination, packet.UpperProtocol, 0, 0);
        int headers = frame.Length - LinkHeaderSize;
        if (UpperLayerFields.TryRead(packet.UpperProtocol, packet.UpperLayer, out UpperLayerFields upper))
            headers -= upper.PayloadLength;
        facts = new FrameFacts(flow, FindSealedOption(frame, packet), headers);
        return true;
    }

    /// <summary>True if a router that drops <paramref name="unwanted"/> drops this frame.</summary>
    internal static bool IsUnwanted(ReadOnlySpan<byte> frame, UnwantedPackets unwanted)
    {
        if (!unwanted.IsAny || !Ipv6PacketView.TryRead(frame[LinkHeaderSize..], out Ipv6PacketView packet))
            return false;
        foreach (ExtensionHeader header in packet.ExtensionHeaders)
            if (IsUnwanted(header, unwanted))
                return true;
        return unwanted.UdpSurplus && UdpSurplus.TryFind(packet, out _);
    }

    internal static bool IsUnwanted(in ExtensionHeader header, UnwantedPackets unwanted) =>
        unwanted.Headers.Contains(header.Type) && header.Octets.Length >= unwanted.SmallestHeader;

    private static int FindSealedOption(ReadOnlySpan<byte> frame, in Ipv6PacketView packet)
    {
        foreach (ExtensionHeader header in packet.ExtensionHeaders)
        {
            if (header.Type != NextHeader.DestinationOptions)
                continue;
            foreach (ReadOnlySpan<byte> option in header.Options)
            {
                if (option[0] == Pdmv2OptionView.DefaultOptionType && PdmOption.FormOf(option) == PdmOptionForm.Protected
                    && frame.Overlaps(option, out int offset))
                    return offset;
            }
        }
        return -1;
    }
}
