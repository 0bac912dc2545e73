using System.Runtime.InteropServices;
using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Collector.Opening;

/// <summary>Reads options in clear, PDMv1 among them, whose numbers it continues over their wrap. Single-threaded.</summary>
internal sealed class ClearOptions
{
    // Against senders that invent flows: then all begin anew, which is a new series and no loss.
    private const int MostFlows = 65_536;

    private readonly Dictionary<FlowKey, NumberContinuation> _numbers = [];

    /// <summary>Is the option of an observation in clear?</summary>
    public static bool IsClear(in Observation observation) =>
        observation.IsUdpOption
            ? IsClearUdpOption(observation)
            : IsV1(observation.OptionOctets)
                || (Pdmv2OptionView.TryRead(observation.OptionOctets, out Pdmv2OptionView view) == Pdmv2ReadStatus.Ok && !view.IsProtected);

    /// <summary>What an option says for which <see cref="IsClear"/> is true.</summary>
    public (uint Psntp, PdmMetrics Metrics) Read(in Observation observation)
    {
        ReadOnlySpan<byte> option = observation.OptionOctets;
        if (observation.IsUdpOption)
        {
            Span<byte> octets = stackalloc byte[UdpOption.ProtectedLength];
            UdpOptionView.TryReadObserved(option, octets, out UdpOptionView behind);
            return (behind.Psntp, PdmMetrics.Read(behind.MetricBlock));
        }
        if (IsV1(option) && Pdmv1Option.TryRead(option, out Pdmv1Option first))
            return Continue(observation.Flow, first);
        Pdmv2OptionView.TryRead(option, out Pdmv2OptionView view);
        return (view.Psntp, PdmMetrics.Read(view.MetricBlock));
    }

    private (uint, PdmMetrics) Continue(in FlowKey flow, in Pdmv1Option option)
    {
        if (_numbers.Count >= MostFlows)
            _numbers.Clear();
        NumberContinuation reverse = flow.TryReverse(out FlowKey back) ? _numbers.GetValueOrDefault(back) : default;
        ref NumberContinuation own = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, flow, out _);
        return (own.Take(option.Psntp), option.ToMetrics(reverse.Nearest(option.Psnlr)));
    }

    private static bool IsClearUdpOption(in Observation observation)
    {
        Span<byte> octets = stackalloc byte[UdpOption.ProtectedLength];
        return UdpOptionView.TryReadObserved(observation.OptionOctets, octets, out UdpOptionView option) == UdpOptionReadStatus.Ok
            && !option.IsProtected;
    }

    private static bool IsV1(ReadOnlySpan<byte> option) =>
        option.Length == Pdmv1Option.Size && option[0] == Pdmv1Option.OptionType && option[1] == Pdmv1Option.OptionLength;
}
