using Pdm6.Capture.Analysis;
using Pdm6.Security;

namespace Pdm6.Capture.Decryption;

/// <summary>
/// Copies a capture with protected measurements that open replaced by their clear form, in packets whose lengths and
/// checksums are put right; everything else, other blocks of a pcapng file included, is copied as it is. A pcap file
/// becomes pcapng.
/// </summary>
public sealed class CaptureDecryptor
{
    private const int FramesPerReport = 1 << 14;

    private readonly CaptureKeys _keys;
    private readonly PacketDecryptor _packets;
    private DecryptionTally _tally;

    /// <param name="keys">What opens the capture; the caller disposes them.</param>
    /// <param name="wire">How measurements are marked.</param>
    public CaptureDecryptor(CaptureKeys keys, WireSettings wire)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(wire);
        _keys = keys;
        _packets = new PacketDecryptor(keys, wire);
    }

    /// <summary>Copies to the end, or to the capture's <see cref="CaptureReader.Problem"/>.</summary>
    /// <param name="capture">What is copied.</param>
    /// <param name="copy">Where to; the caller closes it.</param>
    /// <param name="progress">Hears from time to time that something was read.</param>
    /// <param name="stop">Ends it early.</param>
    public DecryptionTally Decrypt(
        CaptureReader capture, PcapngWriter copy, Action? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(copy);
        _tally = default;
        long frames = 0;
        CaptureCopy target = new(copy);
        while (capture.TryReadPiece(out CapturePiece piece))
        {
            if (!piece.HoldsFrame)
            {
                if (EmbeddedAnnouncement.TryFind(piece, out ReadOnlySpan<byte> json))
                    _keys.AddEmbedded(json);
                target.Copy(piece, capture.Format!);
                continue;
            }
            OpenResult? result = _packets.TryDecrypt(piece.Frame, out ReadOnlySpan<byte> clear);
            Count(result);
            if (result == OpenResult.Opened)
                target.CopyWith(piece, clear);
            else
                target.Copy(piece, capture.Format!);
            if (frames++ % FramesPerReport != 0)
                continue;
            stop.ThrowIfCancellationRequested();
            progress?.Invoke();
        }
        return _tally;
    }

    private void Count(OpenResult? result) => _tally = result switch
    {
        null => _tally with { Others = _tally.Others + 1 },
        OpenResult.Opened => _packets.Carrier switch
        {
            Carrier.SealedOption => _tally with { Options = _tally.Options + 1 },
            Carrier.SealedUdpOption => _tally with { UdpOptions = _tally.UdpOptions + 1 },
            _ => _tally with { Frames = _tally.Frames + 1 },
        },
        OpenResult.AuthenticationFailed => _tally with { AuthenticationFailed = _tally.AuthenticationFailed + 1 },
        OpenResult.NoKey or OpenResult.WrongEpoch => _tally with { NoKey = _tally.NoKey + 1 },
        _ => _tally with { Malformed = _tally.Malformed + 1 },
    };
}
