using Pdm6.Probe.Frames;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Reflecting;

/// <summary>An authentic frame that a reflector received, taken apart. TLVs that it lacks are null.</summary>
internal struct OpenedFrame
{
    internal UdpFrameHeader Header;
    internal FrameNumber Number;
    internal ulong? RoundTripNs;
    internal ulong? JitterNs;
    internal byte? HopCount;
    internal uint? LossPartsPerMillion;
    internal ulong? ReceiveTimeUnixNs;
    internal ulong? SendTimeUnixNs;
    internal PdmMetrics? Pdm;
    internal bool IsClosing;
    internal bool IsReply;

    internal readonly bool IsRequest => (Header.Flags & UdpFrameFlags.Request) != 0;

    /// <summary>Takes TLVs that are known to be well-formed apart.</summary>
    internal static OpenedFrame Read(in UdpFrameHeader header, FrameNumber number, ReadOnlySpan<byte> tlvs)
    {
        OpenedFrame frame = new() { Header = header, Number = number };
        TlvReader reader = new(tlvs);
        while (reader.TryReadNext(out ushort type, out ReadOnlySpan<byte> value))
        {
            switch ((TlvType)type)
            {
                case TlvType.RoundTrip:
                    frame.RoundTripNs = Tlv.ReadNumber(value);
                    break;
                case TlvType.Jitter:
                    frame.JitterNs = Tlv.ReadNumber(value);
                    break;
                case TlvType.HopCount:
                    frame.HopCount = value[0];
                    break;
                case TlvType.LossRate:
                    frame.LossPartsPerMillion = (uint)Tlv.ReadNumber(value);
                    break;
                case TlvType.ReceiveTime:
                    frame.ReceiveTimeUnixNs = Tlv.ReadNumber(value);
                    break;
                case TlvType.SendTime:
                    frame.SendTimeUnixNs = Tlv.ReadNumber(value);
                    break;
                case TlvType.Pdm:
                    frame.Pdm = PdmMetrics.Read(value);
                    break;
                case TlvType.Custom:
                    frame.IsClosing |= value.SequenceEqual(ClosingMark.Value);
                    frame.IsReply |= ReplyReport.IsReport(value);
                    break;
            }
        }
        return frame;
    }
}
