using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// Puts an option into a packet: into the last Destination Options header, the one before the upper layer (RFC 8200
/// section 4.1), which is made if there is none. Existing options keep their offsets, trailing padding is dropped, the
/// option is appended and padding follows (protocol reference, section 3).
/// <code>
/// before: | Next Header | Hdr Ext Len | their options | padding                    |
/// after:  | Next Header | Hdr Ext Len | their options | our option | Pad1, or PadN |
/// </code>
/// </summary>
public static class DestinationOptionsMerge
{
    /// <summary>The most octets the header may have: too many paths of the public Internet drop more.</summary>
    public const int MaximumHeaderSize = 48;

    /// <summary>The most options, padding not counted, that the header may hold: Linux drops packets with more, unless its
    /// operator has raised <c>net.ipv6.max_dst_opts_number</c>.</summary>
    public const int MaximumOptions = 8;

    /// <summary>Writes the packet with the option to <paramref name="destination"/>, or says why it must be left alone.
    /// What only the sender knows (forwarded packets, addresses it did not announce) is the caller's to check.</summary>
    /// <param name="octets">A whole IPv6 packet. Octets behind its payload are dropped.</param>
    /// <param name="option">The option, type and length octets included. Its type is the one that means PDMv2 here; a PDMv1
    /// option does not say, and the default is taken.</param>
    /// <param name="destination">Receives the packet, up to 48 octets larger than before; must not overlap it.</param>
    /// <param name="size">Octets written; 0 if the packet is left alone.</param>
    /// <param name="exId">The ExID that means PDMv2 here.</param>
    /// <exception cref="ArgumentException">The option's length octet contradicts its size, or the destination is too
    /// short: a caller's mistake.</exception>
    public static MergeOutcome TryMerge(
        ReadOnlySpan<byte> octets, ReadOnlySpan<byte> option, Span<byte> destination, out int size,
        ushort exId = UdpOption.DefaultExId)
    {
        size = 0;
        if (option.Length < 2 || option.Length != option[1] + 2)
            throw new ArgumentException("The option's length octet says another size.", nameof(option));
        if (!Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet) || !packet.IsWhole
            || !LastOptionsHeader.TryFind(packet, out LastOptionsHeader last))
            return MergeOutcome.MalformedPacket;
        MergeOutcome outcome = Check(packet);
        if (outcome != MergeOutcome.Inserted)
            return outcome;
        byte optionType = option[0] == PdmOption.LegacyOptionType ? Pdmv2OptionView.DefaultOptionType : option[0];
        if (new PdmOptions(packet, optionType, exId).TryFindOnly(out _))
            return MergeOutcome.HasPdmOption;
        if (last.OptionCount >= MaximumOptions)
            return MergeOutcome.TooManyOptions;
        int headerSize = (last.UsedSize + option.Length + 7) & ~7;
        if (headerSize > MaximumHeaderSize)
            return MergeOutcome.TooLarge;
        int newSize = packet.Octets.Length - last.Size + headerSize;
        if (newSize - Ipv6PacketView.FixedHeaderSize > ushort.MaxValue)
            return MergeOutcome.Jumbo;
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, newSize, nameof(destination));
        Write(packet.Octets, option, last, headerSize, destination[..newSize]);
        size = newSize;
        return last.Size == 0 ? MergeOutcome.Inserted : MergeOutcome.Merged;
    }

    /// <summary>Must the packet be left alone, whatever its options? <see cref="MergeOutcome.Inserted"/> if not.</summary>
    private static MergeOutcome Check(in Ipv6PacketView packet)
    {
        if (packet.IsJumbo)
            return MergeOutcome.Jumbo;
        foreach (ExtensionHeader header in packet.ExtensionHeaders)
        {
            if (header.Type == NextHeader.Fragment)
                return MergeOutcome.Fragment;
            if (header.Type == NextHeader.AuthenticationHeader)
                return MergeOutcome.Ipsec;
        }
        switch (packet.End)
        {
            case HeaderChainEnd.CutShort:
                return MergeOutcome.MalformedPacket;
            case HeaderChainEnd.Fragment:
                return MergeOutcome.Fragment;
            case HeaderChainEnd.Esp:
                return MergeOutcome.Ipsec;
        }
        if (!packet.TryGetFlow(out FlowKey flow))
            return MergeOutcome.NoFlow;
        if (flow.Destination.IsMulticast || packet.Destination.IsMulticast)
            return MergeOutcome.Multicast;
        if (flow.Source == flow.Destination)
            return MergeOutcome.Self;
        return flow.Protocol == NextHeader.Icmpv6 && flow.IcmpType is (>= 130 and <= 137) or 143
            ? MergeOutcome.ExemptIcmp
            : MergeOutcome.Inserted;
    }

    private static void Write(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> option, in LastOptionsHeader last, int headerSize, Span<byte> destination)
    {
        packet[..last.Offset].CopyTo(destination);
        packet[(last.Offset + last.Size)..].CopyTo(destination[(last.Offset + headerSize)..]);
        Span<byte> header = destination.Slice(last.Offset, headerSize);
        if (last.Size == 0)
        {
            header[0] = packet[last.NextHeaderOffset];
            destination[last.NextHeaderOffset] = NextHeader.DestinationOptions;
        }
        else
        {
            packet.Slice(last.Offset, last.UsedSize).CopyTo(header);
        }
        header[1] = (byte)(headerSize / 8 - 1);
        option.CopyTo(header[last.UsedSize..]);
        HeaderOptions.WritePadding(header[(last.UsedSize + option.Length)..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            destination[Ipv6PacketView.PayloadLengthOffset..], (ushort)(destination.Length - Ipv6PacketView.FixedHeaderSize));
    }
}
