using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Continues the 16-bit numbers of PDMv1 over their wrap: a number is taken as the nearest to the highest of its
/// direction so far.
/// </summary>
internal static class NumberContinuation
{
    /// <summary>Where a direction begins, so that there are numbers for what is earlier.</summary>
    private const uint FirstTurn = 1 << 16;

    public static (uint Psntp, PdmMetrics Metrics) Continue(FlowRecord record, FlowRecord? reverse, in Pdmv1Option option)
    {
        uint psntp = Nearest(ref record.ExtendedPsntp, option.Psntp);
        bool heardNothing = option is { Psnlr: 0, DeltaTimeLastReceived.IsZero: true };
        uint psnlr = heardNothing ? 0 : Nearest(reverse?.ExtendedPsntp ?? 0, option.Psnlr);
        return (psntp, new PdmMetrics(psnlr, 0, option.DeltaTimeLastReceived, option.DeltaTimeLastSent));
    }

    private static uint Nearest(ref uint highest, ushort number)
    {
        uint nearest = Nearest(highest, number);
        if (highest == 0 || (int)(nearest - highest) > 0)
            highest = nearest;
        return nearest;
    }

    private static uint Nearest(uint highest, ushort number) =>
        highest == 0 ? FirstTurn + number : highest + (uint)(short)(ushort)(number - highest);
}
