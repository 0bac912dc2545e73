namespace Pdm6.Probe.Reports;

/// <summary>Makes reports.</summary>
public static class ProbeReport
{
    /// <summary>A report in a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="isQuiet">Text: no line for each reply.</param>
    /// <param name="isLive">Text in a terminal: one line that tells how far it is, in the place of the others.</param>
    public static IProbeReport Create(ReportFormat format, TextWriter output, bool isQuiet, bool isLive) => format switch
    {
        ReportFormat.Text => new TextReport(output, isQuiet, isLive),
        ReportFormat.Table => new TableReport(output),
        ReportFormat.Json => new JsonReport(output),
        ReportFormat.JsonLines => new JsonLinesReport(output),
        ReportFormat.Csv => new CsvReport(output),
        ReportFormat.Atlas => new AtlasReport(output),
        ReportFormat.PScheduler => new PSchedulerReport(output),
        ReportFormat.Prometheus => new PrometheusReport(output),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
    };
}
