using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Live;

/// <summary>
/// Captures the packets of running interfaces that carry a measurement into a pcapng stream, with the announcements of the
/// contexts in front: one file is a complete data set for who has the keys.
/// </summary>
public sealed class LiveCapture
{
    private const uint InterfaceStatistics = 5;
    private const int StatisticsOptionsOffset = 20;
    private const ushort DroppedOption = 5;

    private readonly LiveCaptureOptions _options;
    private readonly Spotter _spotter;
    private LiveCaptureTally _tally;

    /// <param name="options">What is captured.</param>
    public LiveCapture(LiveCaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.Interfaces.Count, nameof(options));
        _options = options;
        _spotter = new Spotter(options.Wire);
    }

    /// <summary>Captures until the duration is over or it is stopped. What has been captured is handed to the stream
    /// whenever there is a moment's rest.</summary>
    /// <param name="output">Where to; the caller closes it.</param>
    /// <param name="announcements">Announcements as JSON, one each.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="LiveCaptureException">There is no dumpcap, or it may not capture, or there is no such
    /// interface.</exception>
    public LiveCaptureTally Run(PcapngWriter output, IEnumerable<ReadOnlyMemory<byte>> announcements, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(announcements);
        _tally = default;
        using DumpcapProcess dumpcap = DumpcapProcess.Start(_options);
        using (stop.Register(dumpcap.Stop))
        using (CaptureReader capture = new(dumpcap.Output))
        {
            CaptureCopy copy = new(output);
            bool isFirst = true;
            while (capture.TryReadPiece(out CapturePiece piece))
            {
                if (!piece.HoldsFrame || Takes(piece.Frame))
                    copy.Copy(piece, capture.Format!);
                if (isFirst)
                    foreach (ReadOnlyMemory<byte> announcement in announcements)
                        output.WriteCustom(CustomBlockKind.Announcement, announcement.Span);
                isFirst = false;
                CountMissed(piece);
                if (!capture.HasMoreAtHand)
                    output.Flush();
            }
            dumpcap.ThrowIfFailed();
        }
        output.Flush();
        return _tally;
    }

    private bool Takes(in CapturedFrame frame)
    {
        bool takes = frame.TryFindIpv6(out ReadOnlySpan<byte> packet) && (_options.KeepsAll || CarriesMeasurement(packet));
        _tally = takes ? _tally with { Written = _tally.Written + 1 } : _tally with { Others = _tally.Others + 1 };
        return takes;
    }

    private bool CarriesMeasurement(ReadOnlySpan<byte> packet)
    {
        while (!packet.IsEmpty)
        {
            // What cannot be told is kept: somebody may want to know why.
            if (_spotter.Spot(packet, out Sighting sighting) is SpotOutcome.Spotted or SpotOutcome.Unreadable)
                return true;
            packet = sighting.Inner;
        }
        return false;
    }

    /// <summary>Interface statistics (draft-ietf-opsawg-pcapng section 4.6) say how many packets the kernel
    /// dropped.</summary>
    private void CountMissed(in CapturePiece piece)
    {
        Fields fields = new(piece.Octets, piece.IsBigEndian);
        if (piece.HoldsFrame || piece.Octets.Length < StatisticsOptionsOffset + 4 || fields.U32(0) != InterfaceStatistics)
            return;
        for (int offset = StatisticsOptionsOffset; offset + 12 <= piece.Octets.Length - 4;)
        {
            ushort code = fields.U16(offset), length = fields.U16(offset + 2);
            if (code == DroppedOption && length == sizeof(long))
                _tally = _tally with { Missed = (_tally.Missed ?? 0) + fields.I64(offset + 4) };
            offset += 4 + (length + 3 & ~3);
        }
    }
}
