using Pdm6.Wire;

namespace Pdm6.Capture;

/// <summary>
/// Which PDM options a capture shows, without any key: the answer to "did metrics travel in clear?". Every copy of a
/// packet counts, as every copy could be read. Options behind a UDP datagram count too, where the capture holds them.
/// </summary>
/// <param name="Frames">Frames in the capture.</param>
/// <param name="Ipv6Packets">IPv6 packets among them.</param>
/// <param name="Sealed">PDM options whose metrics are encrypted.</param>
/// <param name="Clear">PDM options whose metrics anybody can read: PDMv2 in clear, and PDMv1.</param>
/// <param name="Malformed">PDM options that are broken.</param>
/// <param name="UnknownVersion">PDM options of a version that is not known: nothing of ours is in them. Agents that ask each
/// other what arrives send them with version 0, which everybody skips.</param>
/// <param name="Unreadable">Packets whose extension headers are cut short, by the snap length or by their sender: what
/// options they carry cannot be told.</param>
public readonly record struct WireCensus(
    long Frames, long Ipv6Packets, long Sealed, long Clear, long Malformed, long UnknownVersion, long Unreadable)
{
    /// <summary>Counts a capture to its end, or to its <see cref="CaptureReader.Problem"/>.</summary>
    /// <param name="capture">The capture.</param>
    /// <param name="optionType">The option type that means PDMv2.</param>
    /// <param name="exId">The ExID that means PDMv2.</param>
    public static WireCensus Take(
        CaptureReader capture, byte optionType = Pdmv2OptionView.DefaultOptionType, ushort exId = UdpOption.DefaultExId)
    {
        ArgumentNullException.ThrowIfNull(capture);
        WireCensus census = default;
        while (capture.TryReadNext(out CapturedFrame frame))
            census = census.With(frame, optionType, exId);
        return census;
    }

    private WireCensus With(in CapturedFrame frame, byte optionType, ushort exId)
    {
        WireCensus census = this with { Frames = Frames + 1 };
        if (!frame.TryFindIpv6(out ReadOnlySpan<byte> octets) || !Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet))
            return census;
        census = census with
        {
            Ipv6Packets = census.Ipv6Packets + 1,
            Unreadable = census.Unreadable + (packet.End == HeaderChainEnd.CutShort ? 1 : 0),
        };
        foreach (PdmOptionInPacket option in new PdmOptions(packet, optionType, exId))
            census = census.With(option.Form);
        return census;
    }

    private WireCensus With(PdmOptionForm form) => form switch
    {
        PdmOptionForm.Protected or PdmOptionForm.LegacyProtected => this with { Sealed = Sealed + 1 },
        PdmOptionForm.Clear or PdmOptionForm.ClearV1 or PdmOptionForm.LegacyClear => this with { Clear = Clear + 1 },
        PdmOptionForm.Malformed => this with { Malformed = Malformed + 1 },
        PdmOptionForm.UnknownVersion => this with { UnknownVersion = UnknownVersion + 1 },
        _ => this,
    };
}
