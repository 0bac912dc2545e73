using System.Globalization;

namespace Pdm6.Probe.Reports;

/// <summary>One row for each target: for many of them, and for a mesh of hosts.</summary>
internal sealed class TableReport(TextWriter output) : IProbeReport
{
    private static readonly string[] s_headings =
        ["to", "sent", "lost", "there", "back", "p50, ms", "p99, ms", "jitter, ms", "hops"];

    public void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops)
    {
        string[][] rows = [s_headings, .. summaries.Select(Row)];
        int[] widths = [.. Enumerable.Range(0, s_headings.Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
        output.Flush();
    }

    private static string[] Row(ProbeSummary summary)
    {
        bool any = summary.RoundTrip.Count > 0;
        return
        [
            summary.Target.Name, Known(summary.Sent), Known(summary.Lost), Known(summary.There.Lost), Known(summary.Back.Lost),
            any ? Ms(summary.RoundTrip.Histogram.Quantile(0.5)) : "-", any ? Ms(summary.RoundTrip.Histogram.Quantile(0.99)) : "-",
            any ? Ms(summary.JitterNs) : "-", $"{Known(summary.HopsThere)}/{Known(summary.HopsBack)}",
        ];
    }

    private static string Known(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Ms(double nanoseconds) => (nanoseconds / 1e6).ToString("0.000", CultureInfo.InvariantCulture);
}
