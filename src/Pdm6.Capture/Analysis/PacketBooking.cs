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
    private readonly SealedBatch _batch;

    public PacketBooking(CaptureKeys keys, AnalysisOptions options, ISampleSink? samples)
    {
        _keys = keys;
        _wire = options.Wire;
        Flows = new FlowBook(options.MaxFlows);
        _authentic = new MeasuringStage(Flows, isAuthentic: true, options, samples);
        _clear = new MeasuringStage(Flows, isAuthentic: false, options, samples);
        _frames = new FrameStage(keys.Frames, _authentic, _clear);
        _batch = new SealedBatch(keys.Options);
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
        for (int place = 0; place < count; place++)
        {
            ref readonly PendingPacket packet = ref pending[place];
            if (!Flows.TryMeet(packet.Seen.Flow, pending.NumberAt(place), out FlowRecord? record))
                continue;
            if (packet.Carrier == Carrier.SealedOption)
            {
                _batch.Add(record, packet.Seen);
                if (_batch.IsFull)
                    MeasureOpened();
                continue;
            }
            MeasureOpened(); // a flow's packets are measured in their order, whatever their carriage
            Book(record, packet, pending);
        }
        MeasureOpened();
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

    private void Book(FlowRecord record, in PendingPacket packet, PendingQueue pending)
    {
        switch (packet.Carrier)
        {
            case Carrier.SealedUdpOption:
                OpenUdpOption(record, packet.Seen, pending.StoredOf(packet));
                break;
            case Carrier.Frame:
                _frames.Take(record, packet.Seen, pending.StoredOf(packet));
                break;
            case Carrier.ClearOption or Carrier.ClearUdpOption or Carrier.OptionV1:
                record.Clear++;
                (uint psntp, PdmMetrics metrics) = ClearMetrics.Read(
                    packet.Carrier, packet.Seen.OptionOctets, record, Flows.ReverseOf(record));
                _clear.Take(record, packet.Seen, context: 0, epochIndex: 0, psntp, metrics);
                break;
            case Carrier.LegacySealedOption:
                record.NoKey++;
                break;
            default:
                record.Malformed++;
                break;
        }
    }

    private void MeasureOpened()
    {
        if (_batch.Count == 0)
            return;
        _batch.Open();
        for (int i = 0; i < _batch.Count; i++)
            Take(_batch.RecordAt(i), _batch.ObservationAt(i), _batch.ResultAt(i), _batch.OpenedAt(i));
        _batch.Clear();
    }

    private void OpenUdpOption(FlowRecord record, in Observation seen, ReadOnlySpan<byte> surplus)
    {
        // The payload, whose size the observation tells, follows a header of 8 octets.
        UdpOptionView.TryRead(surplus, UdpSurplus.IsOddOffset(seen.PayloadLength), _wire.ExId, out UdpOptionView option);
        OpenResult result = _keys.Options.TryOpenUdpOption(seen.Flow, option, seen.ObservedAtNs, out OpenedOption opened);
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
