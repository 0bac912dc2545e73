using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Measures udp-frames (protocol reference, section 4). Their sequence is their number. One that carries the metrics of
/// an option (TLV PDM) is measured as an option is; else its TLVs say what their sender measured: the round trip, and how
/// long a request was with the reflector (from RECEIVE_TIME to SEND_TIME).
/// </summary>
internal sealed class FrameStage(CaptureKeys keys, MeasuringStage authentic, MeasuringStage clear)
{
    private readonly FrameKeys _keys = new(keys);

    /// <param name="record">The flow.</param>
    /// <param name="seen">The packet.</param>
    /// <param name="frame">Its payload.</param>
    public void Take(FlowRecord record, in QueuedPacket seen, ReadOnlySpan<byte> frame)
    {
        if (UdpFrameView.TryRead(frame, out UdpFrameView view) != UdpFrameReadStatus.Ok)
        {
            record.Malformed++;
            return;
        }
        if (!view.IsEncrypted)
        {
            record.Clear++;
            // Who holds a key refuses frames in clear.
            if (!_keys.HasRawKey)
                Measure(clear, record, seen, new MeasuredFrame(0, 0, view.Header.Sequence, IsOfContext: false), view.ClearTlvs);
            return;
        }
        switch (_keys.TryOpen(record.Flow, ref record.Epochs, frame, seen.AtUnixNs, out MeasuredFrame opened, out ReadOnlySpan<byte> tlvs))
        {
            case FrameOpenResult.Opened:
                record.Opened++;
                record.HasContext |= opened.IsOfContext;
                Measure(authentic, record, seen, opened, tlvs);
                break;
            case FrameOpenResult.AuthenticationFailed:
                record.AuthenticationFailed++;
                break;
            case FrameOpenResult.NoKey:
                record.NoKey++;
                break;
            default:
                record.Malformed++;
                break;
        }
    }

    private static void Measure(
        MeasuringStage stage, FlowRecord record, in QueuedPacket seen, in MeasuredFrame frame, ReadOnlySpan<byte> tlvs)
    {
        ulong roundTripNs = 0, receivedNs = 0, sentNs = 0;
        PdmMetrics? metrics = null;
        TlvReader reader = new(tlvs);
        while (reader.TryReadNext(out ushort type, out ReadOnlySpan<byte> value))
        {
            switch ((TlvType)type)
            {
                case TlvType.RoundTrip: roundTripNs = Tlv.ReadNumber(value); break;
                case TlvType.ReceiveTime: receivedNs = Tlv.ReadNumber(value); break;
                case TlvType.SendTime: sentNs = Tlv.ReadNumber(value); break;
                case TlvType.Pdm: metrics = PdmMetrics.Read(value); break;
            }
        }
        stage.Take(record, seen, frame.Context, frame.EpochIndex, frame.Sequence, metrics ?? default);
        if (metrics is not null || !stage.WasLastDistinct)
            return;
        // A sender says its last round trip until it has another.
        if (roundTripNs is > 0 and <= long.MaxValue && roundTripNs != record.LastToldRoundTripNs)
        {
            record.LastToldRoundTripNs = roundTripNs;
            stage.AddRoundTrip(record, frame.Sequence, seen.AtUnixNs, (long)roundTripNs, errorBoundNs: 0);
        }
        if (receivedNs > 0 && sentNs >= receivedNs && sentNs - receivedNs <= long.MaxValue)
            stage.AddServerDelay(
                record, isClient: false, frame.Sequence, seen.AtUnixNs, (long)(sentNs - receivedNs), errorBoundNs: 0);
    }
}
