using System.Globalization;
using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Reports;

/// <summary>The flows with most packets and the totals, for people.</summary>
internal static class FlowTable
{
    /// <summary>More rows than a person reads.</summary>
    private const int MostRows = 50;
    private const int TextColumnCount = 4;

    public static void Write(TextWriter output, AnalysisReport report)
    {
        TextColumns table = new(TextColumnCount);
        table.Add("source", "", "destination", "protocol", "packets", "opened", "refused", "lost", "dup", "reord",
            "round trip p50", "p99", "server delay p50", "p99", "hops");
        foreach (FlowReport flow in report.Flows.OrderByDescending(flow => flow.Tally.Packets).Take(MostRows))
            table.Add(Row(flow));
        table.Write(output);
        if (report.Flows.Count > MostRows)
            output.WriteLine($"... and {report.Flows.Count - MostRows} more flows (--format json, csv or jsonl shows all)");
        output.WriteLine();
        foreach (string line in Summary(report))
            output.WriteLine(line);
    }

    /// <summary>The totals in sentences.</summary>
    private static IEnumerable<string> Summary(AnalysisReport report)
    {
        FlowTotals totals = report.Totals;
        PacketTally tally = totals.Tally;
        yield return $"{totals.Frames} frames, {totals.Ipv6Packets} IPv6 packets; {tally.Packets} carry a measurement, of {report.Flows.Count} flows";
        yield return $"{tally.Opened} opened, {tally.Clear} in clear; refused: {tally.AuthenticationFailed} authentication failed, {tally.NoKey} without a key, {tally.Malformed} malformed";
        yield return $"{totals.Counts.LostWithinSeries} lost, {totals.Counts.Duplicated} duplicated, {totals.Counts.Reordered} reordered, {totals.Counts.Ambiguous} ambiguous";
        yield return $"network round trip {Sentence(Distribution.Of(totals.RoundTrip))}";
        yield return $"server delay       {Sentence(Distribution.Of(totals.ServerDelay))}";
        if (totals.Fragments + totals.Unreadable + totals.LeftOut > 0)
            yield return $"not looked into: {totals.Fragments} fragments, {totals.Unreadable} packets cut short or hidden, {totals.LeftOut} of too many flows";
    }

    private static string Sentence(Distribution numbers) => numbers.Samples == 0
        ? "no samples"
        : $"p50 {DurationText.Of(numbers.P50)}, p90 {DurationText.Of(numbers.P90)}, p99 {DurationText.Of(numbers.P99)}, "
            + $"{DurationText.Of(numbers.Min)} to {DurationText.Of(numbers.Max)} ({numbers.Samples} samples)";

    private static string[] Row(FlowReport flow)
    {
        (ushort? source, ushort? destination) = ProtocolText.PortsOf(flow.Flow);
        Distribution roundTrip = Distribution.Of(flow.RoundTrip), serverDelay = flow.IsClient ? default : Distribution.Of(flow.ServerDelay);
        PacketTally tally = flow.Tally;
        return
        [
            ProtocolText.End(flow.Flow.Source, source), "->", ProtocolText.End(flow.Flow.Destination, destination),
            ProtocolText.KindOf(flow.Flow), Text(tally.Packets), Text(tally.Opened),
            Text(tally.AuthenticationFailed + tally.NoKey + tally.Malformed), Text(flow.Counts.LostWithinSeries),
            Text(flow.Counts.Duplicated), Text(flow.Counts.Reordered), DurationText.Of(roundTrip.P50),
            DurationText.Of(roundTrip.P99), DurationText.Of(serverDelay.P50), DurationText.Of(serverDelay.P99),
            flow.Hops?.ToString(CultureInfo.InvariantCulture) ?? "-",
        ];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
