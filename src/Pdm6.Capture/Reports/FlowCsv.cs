using System.Globalization;
using Pdm6.Capture.Analysis;
using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Reports;

/// <summary>Flows as comma-separated values: the members of the JSON, in its order. What is not there is empty.</summary>
internal static class FlowCsv
{
    private const string FlowNames = "source,destination,protocol,sourcePort,destinationPort";

    private static readonly string[] s_distributions = ["roundTripNs", "serverDelayNs", "variationNs"];
    private static readonly string[] s_numbers = ["samples", "min", "p50", "p90", "p99", "max"];

    /// <summary>The names of <see cref="Sample"/>.</summary>
    public const string SampleHeading = $"kind,{FlowNames},psntp,atUnixNs,valueNs,errorBoundNs,authentic";

    public static void Write(TextWriter output, IEnumerable<FlowReport> flows)
    {
        output.Write($"{FlowNames},packets,clear,opened,authenticationFailed,noKey,malformed,lost,duplicated,reordered,ambiguous,hops");
        foreach (string distribution in s_distributions)
            foreach (string number in s_numbers)
                output.Write($",{distribution}.{number}");
        output.WriteLine();
        foreach (FlowReport flow in flows)
            output.WriteLine(string.Join(',', Flow(flow)));
    }

    public static string Sample(in FlowSample sample) => string.Create(CultureInfo.InvariantCulture,
        $"{FlowJson.NameOf(sample.Kind)},{Key(sample.Flow)},{sample.Psntp},{sample.AtUnixNs},{sample.ValueNs},{sample.ErrorBoundNs},{(sample.IsAuthentic ? "true" : "false")}");

    private static IEnumerable<string> Flow(FlowReport flow)
    {
        PacketTally tally = flow.Tally;
        DirectionCounts counts = flow.Counts;
        long?[] numbers =
        [
            tally.Packets, tally.Clear, tally.Opened, tally.AuthenticationFailed, tally.NoKey, tally.Malformed,
            counts.LostWithinSeries, counts.Duplicated, counts.Reordered, counts.Ambiguous, flow.Hops,
            .. Numbers(flow.RoundTrip), .. Numbers(flow.ServerDelay), .. Numbers(flow.Variation),
        ];
        return [Key(flow.Flow), .. numbers.Select(Text)];
    }

    private static long?[] Numbers(LatencyHistogram histogram)
    {
        Distribution distribution = Distribution.Of(histogram);
        return [distribution.Samples, distribution.Min, distribution.P50, distribution.P90, distribution.P99, distribution.Max];
    }

    private static string Key(in FlowKey flow)
    {
        (ushort? source, ushort? destination) = ProtocolText.PortsOf(flow);
        return $"{flow.Source},{flow.Destination},{flow.Protocol},{Text(source)},{Text(destination)}";
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
