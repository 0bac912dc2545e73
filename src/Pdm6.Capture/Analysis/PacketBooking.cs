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
    private readonly PendingRun _run = new();
    private readonly MetFlows _met;
    private readonly OpenResult[] _results = new OpenResult[PendingRun.Capacity];
    private readonly OpenedOption[] _opened = new OpenedOption[PendingRun.Capacity];

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
        for (int place = 0; place < count; place += _run.Count)
        {
            pending.Fetch(place, _run);
            // Together, several times as fast as one by one; what is no sealed option gets an answer that nobody reads.
            _keys.Options.OpenBatch(_run.Seen, _results, _opened);
            _met.Meet(_run);
            for (int i = 0; i < _run.Count; i++)
            {
                // While one is booked, the next run's comes from memory.
                pending.Prefetch(place + _run.Count + i);
                Book(i, pending);
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

    private void Book(int i, PendingQueue pending)
    {
        ref readonly PendingPacket packet = ref _run.Packets[i];
        ref readonly Observation seen = ref _run.Seen[i];
        if (_met[i] is not { } record)
            return;
        switch (packet.Carrier)
        {
            case Carrier.SealedOption:
                Take(record, seen, _results[i], _opened[i]);
                break;
            case Carrier.SealedUdpOption:
                OpenUdpOption(record, seen, pending.StoredOf(packet));
                break;
            case Carrier.Frame:
                _frames.Take(record, seen, pending.StoredOf(packet));
                break;
            case Carrier.ClearOption or Carrier.ClearUdpOption or Carrier.OptionV1:
                record.Clear++;
                (uint psntp, PdmMetrics metrics) = ClearMetrics.Read(
                    packet.Carrier, seen.OptionOctets, record, Flows.ReverseOf(record));
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

    private void OpenUdpOption(FlowRecord record, in Observation seen, ReadOnlySpan<byte> surplus)
    {
        // The payload, whose size the observation tells, follows a header of 8 octets.
        UdpOptionView.TryRead(surplus, UdpSurplus.IsOddOffset(seen.PayloadLength), _wire.ExId, out UdpOptionView option);
        OpenResult result = _keys.Options.TryOpenUdpOption(seen.FlowInPlace, option, seen.ObservedAtNs, out OpenedOption opened);
        Take(record, seen, result, opened);
    }

    private void Take(FlowRecord record, in Observation seen, OpenResult result, in OpenedOption opened)
    {
        switch (result)
        {
            case OpenResult.Opened:
                record.Opened++;
                record.HasContext = true;
                _authentic.Take(
                    record, seen, opened.Context.Value, _keys.EpochIndexOf(opened), opened.Psntp, opened.Metrics);
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
