using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Opens what was found in packets and books each to its flow.</summary>
internal sealed class PacketBooking
{
    private readonly CaptureKeys _keys;
    private readonly WireSettings _wire;
    private readonly MeasuringStage _authentic;
    private readonly MeasuringStage _clear;
    private readonly FrameStage _frames;
    private readonly MetFlows _met;
    private readonly OpenResult[] _results = new OpenResult[MetFlows.Capacity];
    private readonly OpenedOption[] _opened = new OpenedOption[MetFlows.Capacity];

    public PacketBooking(CaptureKeys keys, AnalysisOptions options, ISampleSink? samples)
    {
        _keys = keys;
        _wire = options.Wire;
        Flows = new FlowBook(options.MaxFlows);
        _authentic = new MeasuringStage(Flows, isAuthentic: true, options, samples);
        _clear = new MeasuringStage(Flows, isAuthentic: false, options, samples);
        _met = new MetFlows(Flows, _authentic, _clear);
        _frames = new FrameStage(keys, _authentic, _clear);
    }

    public FlowBook Flows { get; }

    /// <summary>Says when the capture begins.</summary>
    public void StartAt(ulong unixNs)
    {
        _authentic.Timeline?.StartAt(unixNs);
        _clear.Timeline?.StartAt(unixNs);
    }

    /// <summary>Takes every packet that waits, conversation after conversation.</summary>
    public void Book(PendingQueue pending)
    {
        int count = pending.Sort();
        for (int place = 0; place < count; place += _met.Count)
        {
            _met.Meet(pending, place, Math.Min(MetFlows.Capacity, count - place));
            // Together, several times as fast as one by one.
            _keys.Options.OpenBatch(new MetOptions(_met), _results, _opened);
            for (int i = 0; i < _met.Count; i++)
            {
                // While one is booked, the next run's comes from memory.
                pending.Prefetch(place + _met.Count + i);
                if (_met[i] is { } record)
                    Book(record, _met.PacketAt(i), i, pending);
            }
        }
        pending.Clear();
    }

    /// <summary>The capture is over.</summary>
    public void Finish()
    {
        _authentic.Finish();
        _clear.Finish();
    }

    public Timeline? TimelineOf(bool withClear) =>
        withClear ? Timeline.Of(_authentic.Timeline, _clear.Timeline) : _authentic.Timeline;

    private void Book(FlowRecord record, in QueuedPacket seen, int i, PendingQueue pending)
    {
        switch (seen.Carrier)
        {
            case Carrier.SealedOption:
                Take(record, seen, _results[i], _opened[i]);
                break;
            case Carrier.SealedUdpOption:
                OpenUdpOption(record, seen, pending.StoredOf(seen));
                break;
            case Carrier.Frame:
                _frames.Take(record, seen, pending.StoredOf(seen));
                break;
            case Carrier.ClearOption or Carrier.ClearUdpOption or Carrier.OptionV1:
                record.Clear++;
                (uint psntp, PdmMetrics metrics) = ClearMetrics.Read(
                    seen.Carrier, seen.Option, record, Flows.ReverseOf(record));
                _clear.Take(record, seen, context: 0, epochIndex: 0, psntp, metrics);
                break;
            case Carrier.LegacySealedOption:
                record.NoKey++;
                break;
            default:
                record.Malformed++;
                break;
        }
    }

    private void OpenUdpOption(FlowRecord record, in QueuedPacket seen, ReadOnlySpan<byte> surplus)
    {
        // The payload, whose size the observation tells, follows a header of 8 octets.
        UdpOptionView.TryRead(surplus, UdpSurplus.IsOddOffset(seen.Upper.PayloadLength), _wire.ExId, out UdpOptionView option);
        OpenResult result = _keys.Options.TryOpenUdpOption(record.Flow, option, seen.AtUnixNs, out OpenedOption opened);
        Take(record, seen, result, opened);
    }

    private void Take(FlowRecord record, in QueuedPacket seen, OpenResult result, in OpenedOption opened)
    {
        switch (result)
        {
            case OpenResult.Opened:
                record.Opened++;
                record.HasContext = true;
                _authentic.Take(
                    record, seen, opened.Context.Value,
                    _keys.EpochIndexOf(ref record.Epochs, opened.Context, opened.Epoch, opened.EpochIndex), opened.Psntp, opened.Metrics);
                break;
            case OpenResult.AuthenticationFailed:
                record.AuthenticationFailed++;
                break;
            case OpenResult.NoKey or OpenResult.WrongEpoch:
                record.NoKey++;
                break;
            default:
                record.Malformed++;
                break;
        }
    }
}
