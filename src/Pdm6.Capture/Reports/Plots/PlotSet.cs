using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Reports.Plots;

/// <summary>The plots of a report, and the style that gives them their colours.</summary>
internal static class PlotSet
{
    /// <summary>Colours for light and dark, told apart also by who sees little difference between red and green.</summary>
    public const string Style = """
        :root { --ink: #1c2024; --muted: #60646c; --paper: #ffffff; --panel: #f7f8fa; --line: #dcdfe4;
          --network: #1f6feb; --server: #c2570c; --loss: #b4235a; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e9ecf1; --muted: #9aa3af; --paper: #101317; --panel: #181c22; --line: #2b313a;
            --network: #6cb0ff; --server: #ffa45c; --loss: #ff7aa8; } }
        svg { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        svg .title { font-size: 14px; font-weight: 600; fill: var(--ink); }
        svg .note { fill: var(--muted); }
        svg .empty { fill: var(--muted); font-style: italic; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .axis { stroke: var(--muted); stroke-width: 1; }
        svg .network { --c: var(--network); } svg .server { --c: var(--server); } svg .loss { --c: var(--loss); }
        svg .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
        svg .fill { fill: var(--c); }
        svg .near { fill: var(--c); fill-opacity: 0.45; }
        svg tspan { font-size: 15px; }
        svg .far { fill: var(--c); fill-opacity: 0.25; }
        svg .hint { fill: transparent; } svg .hint:hover { fill: var(--muted); fill-opacity: 0.15; }
        """;

    /// <summary>Every plot, without the element around it.</summary>
    public static IReadOnlyList<string> Draw(AnalysisReport report)
    {
        Timeline timeline = report.Timeline ?? new Timeline();
        return
        [
            LatencyPlot.Draw("Network round trip over time", "network", timeline, bin => bin.RoundTrip),
            LatencyPlot.Draw("Server delay over time", "server", timeline, bin => bin.ServerDelay),
            DistributionPlot.Draw(report.Totals.RoundTrip, report.Totals.ServerDelay),
            LossPlot.Draw(timeline),
        ];
    }
}
