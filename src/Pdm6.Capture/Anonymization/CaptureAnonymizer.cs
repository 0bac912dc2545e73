using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Anonymization;

/// <summary>
/// Copies the IPv6 packets of a capture with addresses that stand for the real ones (<see cref="AddressAnonymizer"/>) and
/// without payloads, without link-layer addresses and without everything that a pcapng file may say besides: names,
/// comments, secrets, announcements. Ports, sizes, times, hop limits and measurements stay. Sealed measurements cannot be
/// opened any more afterwards, as their keys belong to the real addresses: decrypt first.
/// </summary>
public sealed class CaptureAnonymizer
{
    private const int FramesPerReport = 1 << 14;
    private const int RawIpv6 = 229;

    private readonly PacketAnonymizer _packets;

    /// <param name="addresses">Maps the addresses; the caller disposes it.</param>
    /// <param name="wire">How measurements are marked.</param>
    /// <param name="keepsPayload">Keep payloads, whatever they say.</param>
    public CaptureAnonymizer(AddressAnonymizer addresses, WireSettings wire, bool keepsPayload = false)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(wire);
        _packets = new PacketAnonymizer(addresses, wire, keepsPayload);
    }

    /// <summary>Copies to the end, or to the capture's <see cref="CaptureReader.Problem"/>.</summary>
    /// <param name="capture">What is copied.</param>
    /// <param name="copy">Where to; the caller closes it.</param>
    /// <param name="progress">Hears from time to time that something was read.</param>
    /// <param name="stop">Ends it early.</param>
    public AnonymizationTally Anonymize(
        CaptureReader capture, PcapngWriter copy, Action? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(copy);
        copy.BeginSection("pdm6");
        int target = copy.AddInterface(RawIpv6, 0);
        AnonymizationTally tally = default;
        while (capture.TryReadNext(out CapturedFrame frame))
        {
            byte[] packet = frame.TryFindIpv6(out ReadOnlySpan<byte> found) ? found.ToArray() : [];
            int kept = _packets.Rewrite(packet);
            if (kept == 0)
            {
                tally = tally with { LeftOut = tally.LeftOut + 1 };
            }
            else
            {
                copy.WritePacket(target, frame.TimestampNs, packet.AsSpan(0, kept), OriginalLength(frame, packet));
                tally = tally with { Written = tally.Written + 1 };
            }
            if ((tally.Written + tally.LeftOut) % FramesPerReport != 0)
                continue;
            stop.ThrowIfCancellationRequested();
            progress?.Invoke();
        }
        return tally;
    }

    /// <summary>The packet's own, without the link header.</summary>
    private static uint OriginalLength(in CapturedFrame frame, byte[] packet)
    {
        long linkHeader = frame.Octets.Length - packet.Length;
        return (uint)Math.Max(packet.Length, frame.OriginalLength - linkHeader);
    }
}
