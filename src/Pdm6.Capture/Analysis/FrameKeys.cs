using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Opens udp-frames with whatever keys there are: those of contexts, which frames name, and the raw key of a
/// laboratory.</summary>
internal sealed class FrameKeys(CaptureKeys keys)
{
    private readonly byte[] _tlvs = new byte[ushort.MaxValue];

    /// <summary>There is a key of which every sender may know: who speaks in clear is none of them.</summary>
    public bool HasRawKey => keys.Frames is not null;

    /// <summary>Opens a frame.</summary>
    /// <param name="flow">Its flow.</param>
    /// <param name="epochs">The epochs of the flow.</param>
    /// <param name="payload">The whole UDP payload.</param>
    /// <param name="atUnixNs">When it was captured.</param>
    /// <param name="opened">What it is, if the result is <see cref="FrameOpenResult.Opened"/>.</param>
    /// <param name="tlvs">Its TLVs, valid until the next call.</param>
    public FrameOpenResult TryOpen(
        in FlowKey flow, ref EpochContinuation epochs, ReadOnlySpan<byte> payload, ulong atUnixNs, out MeasuredFrame opened,
        out ReadOnlySpan<byte> tlvs)
    {
        opened = default;
        tlvs = default;
        FrameOpenResult result = keys.Options.TryOpenFrame(flow, payload, _tlvs, atUnixNs, out OpenedFrame ofContext);
        if (result == FrameOpenResult.Opened)
        {
            opened = new MeasuredFrame(
                ofContext.Context.Value, keys.EpochIndexOf(ref epochs, ofContext.Context, ofContext.Header.KeyId, ofContext.EpochIndex),
                ofContext.Header.Sequence, IsOfContext: true);
            tlvs = _tlvs.AsSpan(0, ofContext.TlvsSize);
            return result;
        }
        if (keys.Frames is not { } raw || result is not (FrameOpenResult.NoKey or FrameOpenResult.AuthenticationFailed))
            return result;
        result = raw.TryOpen(payload, _tlvs, out UdpFrameHeader header, out int size, out FrameNumber number);
        if (result == FrameOpenResult.Opened)
        {
            opened = new MeasuredFrame(number.Sender, 0, header.Sequence, IsOfContext: false);
            tlvs = _tlvs.AsSpan(0, size);
        }
        return result;
    }
}
