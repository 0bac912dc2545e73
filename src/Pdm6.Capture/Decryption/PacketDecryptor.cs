using Pdm6.Capture.Analysis;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Decryption;

/// <summary>Opens what one captured frame carries and rewrites the frame.</summary>
internal sealed class PacketDecryptor(CaptureKeys keys, WireSettings wire)
{
    private const int MostTunnels = 4;

    private readonly Spotter _spotter = new(wire);
    private readonly FrameKeys _frames = new(keys);

    /// <summary>What the last frame held.</summary>
    public Carrier Carrier { get; private set; }

    /// <summary>Opens the outermost measurement of a frame that can be opened.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="clear">The frame with the clear form in it, if the result is <see cref="OpenResult.Opened"/>.</param>
    /// <returns>Null if there is nothing to open.</returns>
    public OpenResult? TryDecrypt(in CapturedFrame frame, out ReadOnlySpan<byte> clear)
    {
        clear = default;
        OpenResult? result = null;
        if (!frame.TryFindIpv6(out ReadOnlySpan<byte> packet))
            return null;
        Span<int> packets = stackalloc int[MostTunnels + 1];
        for (int depth = 0; depth <= MostTunnels && !packet.IsEmpty; depth++)
        {
            frame.Octets.Overlaps(packet, out packets[depth]);
            if (_spotter.Spot(packet, out Sighting sighting) == SpotOutcome.Spotted && IsProtected(sighting))
            {
                FrameEdit edit = new(frame.Octets, packets[..(depth + 1)]);
                frame.Octets.Overlaps(sighting.Octets, out int offset);
                Carrier = sighting.Carrier;
                result = TryOpen(sighting, frame.TimestampNs, edit, offset);
                if (result == OpenResult.Opened)
                {
                    clear = edit.Octets;
                    return result;
                }
            }
            packet = sighting.Inner;
        }
        return result;
    }

    private static bool IsProtected(in Sighting sighting) => sighting.Carrier switch
    {
        Carrier.SealedOption or Carrier.SealedUdpOption or Carrier.LegacySealedOption or Carrier.Malformed => true,
        Carrier.Frame => UdpFrameView.TryRead(sighting.Octets, out UdpFrameView view) == UdpFrameReadStatus.Ok && view.IsEncrypted,
        _ => false,
    };

    private OpenResult TryOpen(in Sighting sighting, ulong atUnixNs, FrameEdit edit, int offset)
    {
        OpenedOption opened;
        OpenResult result;
        switch (sighting.Carrier)
        {
            case Carrier.SealedOption:
                result = keys.Options.TryOpen(sighting.Flow, sighting.Octets, atUnixNs, out opened);
                return result != OpenResult.Opened || ClearForms.TryWriteOption(edit, offset, opened.Psntp, opened.Metrics)
                    ? result
                    : OpenResult.Malformed;
            case Carrier.SealedUdpOption:
                bool startsAtOddOffset = UdpSurplus.IsOddOffset(sighting.Upper.PayloadLength);
                UdpOptionView.TryRead(sighting.Stored, startsAtOddOffset, wire.ExId, out UdpOptionView option);
                result = keys.Options.TryOpenUdpOption(sighting.Flow, option, atUnixNs, out opened);
                sighting.Stored.Overlaps(sighting.Octets, out int inSurplus);
                return result != OpenResult.Opened || ClearForms.TryWriteUdpOption(
                        edit, offset, offset - inSurplus, sighting.Stored.Length, startsAtOddOffset, opened.Psntp, opened.Metrics)
                    ? result
                    : OpenResult.Malformed;
            case Carrier.Frame:
                return TryOpenFrame(sighting, atUnixNs, edit, offset);
            case Carrier.LegacySealedOption:
                return OpenResult.NoKey;
            default:
                return OpenResult.Malformed;
        }
    }

    private OpenResult TryOpenFrame(in Sighting sighting, ulong atUnixNs, FrameEdit edit, int offset)
    {
        EpochContinuation unused = default;
        switch (_frames.TryOpen(sighting.Flow, ref unused, sighting.Octets, atUnixNs, out _, out ReadOnlySpan<byte> tlvs))
        {
            case FrameOpenResult.Opened:
                return ClearForms.TryWriteFrame(edit, offset, sighting.Octets.Length, tlvs)
                    ? OpenResult.Opened
                    : OpenResult.Malformed;
            case FrameOpenResult.AuthenticationFailed:
                return OpenResult.AuthenticationFailed;
            case FrameOpenResult.NoKey:
                return OpenResult.NoKey;
            default:
                return OpenResult.Malformed;
        }
    }
}
