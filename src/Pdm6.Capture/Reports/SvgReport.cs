using System.Globalization;
using System.Net;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Reports.Plots;

namespace Pdm6.Capture.Reports;

/// <summary>The plots of a report as one SVG file, light or dark as who looks at it.</summary>
public static class SvgReport
{
    private const double TitleHeight = 40;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, AnalysisReport report, string title)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(report);
        IReadOnlyList<string> plots = PlotSet.Draw(report);
        double height = TitleHeight + plots.Count * Canvas.Height;
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Canvas.Width} {height}\" width=\"{Canvas.Width}\" height=\"{height}\">"));
        output.WriteLine($"<style>{PlotSet.Style}</style>");
        output.WriteLine("<rect width=\"100%\" height=\"100%\" style=\"fill: var(--paper)\"/>");
        output.WriteLine($"<text class=\"title\" x=\"16\" y=\"26\">{WebUtility.HtmlEncode(title)}</text>");
        for (int i = 0; i < plots.Count; i++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"<g transform=\"translate(0 {TitleHeight + i * Canvas.Height})\">{plots[i]}</g>"));
        output.WriteLine("</svg>");
    }
}
