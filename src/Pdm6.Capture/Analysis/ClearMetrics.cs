using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Reads what options in clear say, whichever format they have.</summary>
internal static class ClearMetrics
{
    /// <param name="carrier">What it is.</param>
    /// <param name="option">The option, type or kind octet first.</param>
    /// <param name="record">Its flow.</param>
    /// <param name="reverse">The opposite flow, if it was met.</param>
    public static (uint Psntp, PdmMetrics Metrics) Read(
        Carrier carrier, ReadOnlySpan<byte> option, FlowRecord record, FlowRecord? reverse)
    {
        if (carrier == Carrier.OptionV1 && Pdmv1Option.TryRead(option, out Pdmv1Option first))
            return (record.Numbers.Take(first.Psntp), first.ToMetrics((reverse?.Numbers ?? default).Nearest(first.Psnlr)));
        // The clear forms of draft 15 and of earlier ones have their fields at the same places; a UDP option has two
        // octets more in front of them.
        int offset = carrier == Carrier.ClearUdpOption
            ? UdpOption.AssociatedDataSize
            : Pdmv2OptionView.AssociatedDataSize;
        uint psntp = BinaryPrimitives.ReadUInt32BigEndian(option[(offset - sizeof(uint))..]);
        return (psntp, PdmMetrics.Read(option[offset..]));
    }
}
