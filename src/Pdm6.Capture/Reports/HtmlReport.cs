using System.Globalization;
using System.Net;
using System.Text;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Reports.Plots;

namespace Pdm6.Capture.Reports;

/// <summary>A report as one page that needs nothing else: plots, services, flows. Light or dark as the reader's system
/// is.</summary>
public static class HtmlReport
{
    private const int MostFlows = 1000;
    private const int MostServices = 30;

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">What to show.</param>
    /// <param name="title">The capture's name.</param>
    public static void Write(TextWriter output, AnalysisReport report, string title)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(report);
        output.WriteLine($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Escape(title)} - pdm6</title>");
        // Nothing may be loaded from anywhere, whatever a name in a capture says.
        output.WriteLine("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">");
        output.WriteLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">");
        output.WriteLine($"<style>{PlotSet.Style}{HtmlAssets.Style}</style></head><body><main>");
        WriteHead(output, report, title);
        WriteTiles(output, report);
        foreach (string plot in PlotSet.Draw(report))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"<figure><svg viewBox=\"0 0 {Canvas.Width} {Canvas.Height}\" role=\"img\">{plot}</svg></figure>"));
        WriteServices(output, report);
        WriteFlows(output, report);
        output.WriteLine($"</main><script>{HtmlAssets.Script}</script></body></html>");
    }

    private static void WriteHead(TextWriter output, AnalysisReport report, string title)
    {
        FlowTotals totals = report.Totals;
        string when = report.Timeline is { StartNs: > 0 } timeline ? $", from {DateTimeText.Of(timeline.StartNs)} UTC" : "";
        output.WriteLine($"<h1>{Escape(title)}</h1><p class=\"sub\">{Number(totals.Frames)} frames{when}; {Number(totals.Tally.Packets)} packets carry a measurement, of {Number(report.Flows.Count)} flows.</p>");
        if (report.Problem is { } problem)
            output.WriteLine($"<p class=\"problem\">{Escape(problem)} What came before is shown.</p>");
    }

    private static void WriteTiles(TextWriter output, AnalysisReport report)
    {
        FlowTotals totals = report.Totals;
        Distribution roundTrip = Distribution.Of(totals.RoundTrip), serverDelay = Distribution.Of(totals.ServerDelay);
        long sent = totals.Counts.Distinct + totals.Counts.LostWithinSeries;
        PacketTally tally = totals.Tally;
        output.WriteLine("<section class=\"tiles\">");
        Tile(output, "network", "network round trip", DurationText.Of(roundTrip.P50), $"p90 {DurationText.Of(roundTrip.P90)}, p99 {DurationText.Of(roundTrip.P99)}");
        Tile(output, "server", "server delay", DurationText.Of(serverDelay.P50), $"p90 {DurationText.Of(serverDelay.P90)}, p99 {DurationText.Of(serverDelay.P99)}");
        Tile(output, "loss", "lost", sent == 0 ? "-" : $"{Percent(totals.Counts.LostWithinSeries, sent)} %",
            $"{Number(totals.Counts.LostWithinSeries)} of {Number(sent)}; {Number(totals.Counts.Duplicated)} duplicated, {Number(totals.Counts.Reordered)} reordered");
        Tile(output, "", "authentic", tally.Packets == 0 ? "-" : $"{Percent(tally.Opened, tally.Packets)} %",
            $"{Number(tally.Clear)} in clear; refused: {Number(tally.AuthenticationFailed)} failed, {Number(tally.NoKey)} no key, {Number(tally.Malformed)} malformed");
        output.WriteLine("</section>");
    }

    private static void Tile(TextWriter output, string style, string name, string value, string note) => output.WriteLine(
        $"<div class=\"tile {style}\"><span>{name}</span><strong>{value}</strong><small>{note}</small></div>");

    private static void WriteServices(TextWriter output, AnalysisReport report)
    {
        output.WriteLine($"<h2>Services</h2><div class=\"wide\"><table>{Headings(["service"], ["packets", "round trip p50", "round trip p99", "server delay p50", "server delay p99", "lost"])}<tbody>");
        foreach (ServiceSummary service in ServiceSummary.Of(report.Flows).Take(MostServices))
        {
            Distribution roundTrip = Distribution.Of(service.RoundTrip), serverDelay = Distribution.Of(service.ServerDelay);
            output.WriteLine($"<tr><td>{Escape(service.Name)}{Cell(service.Packets)}{Times(roundTrip)}{Times(serverDelay)}{Cell(service.Lost)}");
        }
        output.WriteLine("</tbody></table></div>");
    }

    private static void WriteFlows(TextWriter output, AnalysisReport report)
    {
        output.WriteLine("<h2>Flows</h2>");
        output.WriteLine(report.Flows.Count > MostFlows
            ? $"<p class=\"sub\">The {Number(MostFlows)} of {Number(report.Flows.Count)} with most packets.</p>"
            : "");
        output.WriteLine("<input id=\"filter\" type=\"search\" placeholder=\"address, port or protocol\" aria-label=\"Show only flows with this text\">");
        output.WriteLine($"<div class=\"wide\"><table id=\"flows\">{Headings(["source", "destination", "protocol"], ["packets", "opened", "refused", "lost", "dupli\u00adcated", "reor\u00addered", "round trip p50", "round trip p99", "server delay p50", "server delay p99", "variation p50", "hops"])}<tbody>");
        foreach (FlowReport flow in report.Flows.OrderByDescending(flow => flow.Tally.Packets).Take(MostFlows))
            output.WriteLine(Row(flow));
        output.WriteLine("</tbody></table></div>");
    }

    private static string Row(FlowReport flow)
    {
        (ushort? source, ushort? destination) = ProtocolText.PortsOf(flow.Flow);
        PacketTally tally = flow.Tally;
        Distribution serverDelay = flow.IsClient ? default : Distribution.Of(flow.ServerDelay);
        return $"<tr><td>{ProtocolText.End(flow.Flow.Source, source)}<td>{ProtocolText.End(flow.Flow.Destination, destination)}"
            + $"<td>{ProtocolText.KindOf(flow.Flow)}{Cell(tally.Packets)}{Cell(tally.Opened)}"
            + $"{Cell(tally.AuthenticationFailed + tally.NoKey + tally.Malformed)}{Cell(flow.Counts.LostWithinSeries)}"
            + $"{Cell(flow.Counts.Duplicated)}{Cell(flow.Counts.Reordered)}{Times(Distribution.Of(flow.RoundTrip))}"
            + $"{Times(serverDelay)}{Time(Distribution.Of(flow.Variation).P50)}{Cell(flow.Hops)}";
    }

    /// <param name="texts">Headings over texts.</param>
    /// <param name="numbers">Headings over numbers, which stand behind them.</param>
    private static string Headings(ReadOnlySpan<string> texts, ReadOnlySpan<string> numbers)
    {
        StringBuilder row = new("<thead><tr>");
        foreach (string text in texts)
            row.Append("<th>").Append(text);
        foreach (string number in numbers)
            row.Append("<th class=\"n\">").Append(number);
        return row.Append("</thead>").ToString();
    }

    private static string Times(in Distribution distribution) => Time(distribution.P50) + Time(distribution.P99);

    /// <summary>A cell that sorts by nanoseconds.</summary>
    private static string Time(long? ns) => $"<td class=\"n\" data-v=\"{ns ?? -1}\">{DurationText.Of(ns)}";

    private static string Cell(long? number) => $"<td class=\"n\" data-v=\"{number ?? -1}\">{(number is { } known ? Number(known) : "-")}";

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Percent(long part, long whole) => (100.0 * part / whole).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
