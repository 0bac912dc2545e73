using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Reads a capture once, from front to back, and measures every flow in it: finds the measurements, opens what the keys
/// open, pairs the two directions. Memory is bounded by flows and by <see cref="AnalysisOptions"/>, not by the capture.
/// <para>Options in clear anybody can have written. They count, and they measure, but only flows of whose two hosts no
/// context is known (protocol reference, section 9): of a host with a context, what is sealed counts alone.</para>
/// <para>A packet inside a packet (RFC 2473) is looked at like any other, up to four deep. Fragments are counted and not
/// looked into.</para>
/// </summary>
public sealed class CaptureAnalyzer
{
    private const int MostTunnels = 4;
    /// <summary>How often the caller hears how far it is.</summary>
    private const int FramesPerReport = 1 << 16;
    private const int PacketsTogether = 1 << 19;
    /// <summary>Who wants samples one by one wants them in the order of time, or nearly so.</summary>
    private const int PacketsTogetherForSamples = 1 << 8;

    private readonly CaptureKeys _keys;
    private readonly AnalysisOptions _options;
    private readonly Spotter _spotter;
    private readonly PacketBooking _booking;
    private readonly bool _usesTwoThreads;
    private PendingQueue _pending, _other;
    private Task _booked = Task.CompletedTask;
    private long _frames, _ipv6Packets, _spotted, _unreadable, _fragments;

    /// <param name="keys">What opens the capture; the caller disposes them.</param>
    /// <param name="options">How it is analyzed.</param>
    /// <param name="samples">Takes every sample, if the caller wants them one by one.</param>
    public CaptureAnalyzer(CaptureKeys keys, AnalysisOptions? options = null, ISampleSink? samples = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _keys = keys;
        _options = options ?? new AnalysisOptions();
        _spotter = new Spotter(_options.Wire);
        // Of a conversation, what came last before must still be remembered when it has its turn again.
        int packetsTogether = Math.Min(samples is null ? PacketsTogether : PacketsTogetherForSamples, _options.MaxPackets / 2);
        (_pending, _other) = (new PendingQueue(packetsTogether), new PendingQueue(packetsTogether));
        _usesTwoThreads = _options.UsesTwoThreads && samples is null;
        _booking = new PacketBooking(keys, _options, samples);
    }

    /// <summary>Reads the capture to its end, or to its <see cref="CaptureReader.Problem"/>.</summary>
    /// <param name="capture">The capture.</param>
    /// <param name="progress">Hears from time to time that something was read.</param>
    /// <param name="stop">Ends it early.</param>
    public AnalysisReport Analyze(CaptureReader capture, Action? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(capture);
        try
        {
            Read(capture, progress, stop);
        }
        finally
        {
            // The other thread uses what is the caller's: he must get it back at rest, whatever happened.
            Task.WaitAny([_booked], CancellationToken.None);
        }
        BookPending();
        _booked.GetAwaiter().GetResult();
        _booking.Finish();
        return Report(capture.Problem);
    }

    private void Read(CaptureReader capture, Action? progress, CancellationToken stop)
    {
        while (capture.TryReadPiece(out CapturePiece piece))
        {
            if (!piece.HoldsFrame)
            {
                if (EmbeddedAnnouncement.TryFind(piece, out ReadOnlySpan<byte> json))
                {
                    _booked.GetAwaiter().GetResult();
                    _keys.AddEmbedded(json);
                }
                continue;
            }
            Take(piece.Frame);
            if (_frames++ % FramesPerReport != 0)
                continue;
            stop.ThrowIfCancellationRequested();
            progress?.Invoke();
        }
    }

    /// <summary>Books what waits: here, or on the other thread while this one goes on.</summary>
    private void BookPending()
    {
        if (!_usesTwoThreads)
        {
            _booking.Book(_pending);
            return;
        }
        _booked.GetAwaiter().GetResult();
        PendingQueue full = _pending;
        (_pending, _other) = (_other, full);
        _booked = Task.Run(() => _booking.Book(full));
    }

    private void Take(in CapturedFrame frame)
    {
        if (!_options.Filter.TakesTime(frame.TimestampNs) || !frame.TryFindIpv6(out ReadOnlySpan<byte> octets))
            return;
        if (_ipv6Packets++ == 0)
            _booking.StartAt(frame.TimestampNs);
        for (int depth = 0; depth <= MostTunnels && !octets.IsEmpty; depth++)
        {
            switch (_spotter.Spot(octets, out Sighting sighting))
            {
                case SpotOutcome.Spotted when _options.Filter.TakesFlow(sighting.Flow):
                    _pending.Add(sighting, frame.TimestampNs, _spotted++);
                    if (_pending.IsFull)
                        BookPending();
                    break;
                case SpotOutcome.Unreadable:
                    _unreadable++;
                    break;
                case SpotOutcome.Fragment:
                    _fragments++;
                    break;
            }
            octets = sighting.Inner;
        }
    }

    private AnalysisReport Report(string? problem)
    {
        IReadOnlyList<FlowRecord> records = _booking.Flows.InOrder;
        HashSet<Ipv6Address> withContext = [.. records.Where(record => record.HasContext).Select(record => record.Flow.Source)];
        bool HasContext(Ipv6Address address) => withContext.Contains(address) || _keys.IsAnnounced(address);
        FlowReport[] flows = [.. records.Select(record => record.ToReport(
            countsClear: !HasContext(record.Flow.Source) && !HasContext(record.Flow.Destination)))];
        return new AnalysisReport
        {
            Flows = flows,
            Totals = FlowTotals.Of(flows) with
            {
                Frames = _frames,
                Ipv6Packets = _ipv6Packets,
                Unreadable = _unreadable,
                Fragments = _fragments,
                LeftOut = _booking.Flows.PacketsLeftOut,
            },
            Timeline = _booking.TimelineOf(withClear: withContext.Count == 0),
            Problem = problem,
        };
    }
}
