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
    /// <summary>Which run of its sender it belongs to; 0 where a sender has one run only.</summary>
    internal ulong Run;
    /// <summary>CUSTOM TLVs that are not ours, and TLVs of types that are not known; null if there are none.</summary>
    internal List<OtherTlv>? Others;

    internal readonly bool IsRequest => (Header.Flags & UdpFrameFlags.Request) != 0;

    /// <summary>Takes TLVs that are known to be well-formed apart.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="number">Its number.</param>
    /// <param name="tlvs">The TLVs.</param>
    /// <param name="keepsOthers">Fill <see cref="Others"/>, which allocates.</param>
    internal static OpenedFrame Read(in UdpFrameHeader header, FrameNumber number, ReadOnlySpan<byte> tlvs, bool keepsOthers)
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
                    if (!frame.TryTakeMark(value) && keepsOthers)
                        frame.Keep(type, value);
                    break;
                case TlvType.Padding:
                    break;
                default:
                    if (keepsOthers)
                        frame.Keep(type, value);
                    break;
            }
        }
        return frame;
    }

    /// <summary>True if a CUSTOM value is one of ours.</summary>
    private bool TryTakeMark(ReadOnlySpan<byte> value)
    {
        if (RunMark.TryRead(value, out ulong run))
        {
            Run = run;
            return true;
        }
        bool isClosing = value.SequenceEqual(ClosingMark.Value), isReply = ReplyReport.IsReport(value);
        IsClosing |= isClosing;
        IsReply |= isReply;
        return isClosing || isReply;
    }

    private void Keep(ushort type, ReadOnlySpan<byte> value) => (Others ??= []).Add(new OtherTlv(type, value.ToArray()));
}
