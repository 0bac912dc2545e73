using System.Buffers;
using System.Text;
using System.Text.Json;
using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Reports;

/// <summary>Writes a whole <see cref="AnalysisReport"/>.</summary>
public static class AnalysisWriter
{
    /// <summary>Writes the report in a format.</summary>
    public static void Write(TextWriter output, AnalysisReport report, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(report);
        switch (format)
        {
            case ReportFormat.Json:
                WriteJson(output, report);
                break;
            case ReportFormat.JsonLines:
                foreach (FlowReport flow in report.Flows)
                    output.WriteLine(Line(json => FlowJson.WriteFlow(json, flow)));
                break;
            case ReportFormat.Csv:
                FlowCsv.Write(output, report.Flows);
                break;
            default:
                FlowTable.Write(output, report);
                break;
        }
    }

    /// <summary>One object on one line.</summary>
    internal static string Line(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using Utf8JsonWriter json = new(buffer);
        write(json);
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A flow a line, so that a million of them take no memory and can be read with grep.</summary>
    private static void WriteJson(TextWriter output, AnalysisReport report)
    {
        output.Write("{\"flows\":[");
        for (int i = 0; i < report.Flows.Count; i++)
        {
            output.WriteLine(i == 0 ? "" : ",");
            output.Write(Line(json => FlowJson.WriteFlow(json, report.Flows[i])));
        }
        output.WriteLine("],");
        output.WriteLine($"\"totals\":{Line(json => FlowJson.WriteTotals(json, report))}}}");
    }
}
