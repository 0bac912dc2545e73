using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Measures udp-frames (protocol reference, section 4). Their sequence is their number. One that carries the metrics of
/// an option (TLV PDM) is measured as an option is; else its TLVs say what their sender measured: the round trip, and how
/// long a request was with the reflector (from RECEIVE_TIME to SEND_TIME).
/// </summary>
internal sealed class FrameStage(FrameOpener? opener, MeasuringStage authentic, MeasuringStage clear)
{
    private readonly byte[] _tlvs = new byte[ushort.MaxValue];

    /// <param name="record">The flow.</param>
    /// <param name="seen">The packet.</param>
    /// <param name="frame">Its payload.</param>
    public void Take(FlowRecord record, in Observation seen, ReadOnlySpan<byte> frame)
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
            if (opener is null)
                Measure(clear, record, seen, view.Header.Sequence, context: 0, view.ClearTlvs);
            return;
        }
        if (opener is null)
        {
            record.NoKey++;
            return;
        }
        switch (opener.TryOpen(frame, _tlvs, out UdpFrameHeader header, out int size, out FrameNumber number))
        {
            case FrameOpenResult.Opened:
                record.Opened++;
                Measure(authentic, record, seen, header.Sequence, number.Sender, _tlvs.AsSpan(0, size));
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
        MeasuringStage stage, FlowRecord record, in Observation seen, uint sequence, ulong context,
        ReadOnlySpan<byte> tlvs)
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
        stage.Take(record, seen, context, epochIndex: 0, sequence, metrics ?? default);
        if (metrics is not null || !stage.Last.IsDistinct)
            return;
        // A sender says its last round trip until it has another.
        if (roundTripNs is > 0 and <= long.MaxValue && roundTripNs != record.LastToldRoundTripNs)
        {
            record.LastToldRoundTripNs = roundTripNs;
            stage.AddRoundTrip(record, sequence, seen.ObservedAtNs, (long)roundTripNs, errorBoundNs: 0);
        }
        if (receivedNs > 0 && sentNs >= receivedNs && sentNs - receivedNs <= long.MaxValue)
            stage.AddServerDelay(
                record, isClient: false, sequence, seen.ObservedAtNs, (long)(sentNs - receivedNs), errorBoundNs: 0);
    }
}
