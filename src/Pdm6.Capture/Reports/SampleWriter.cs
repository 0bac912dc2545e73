using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Reports;

/// <summary>Writes samples one by one while a capture is analyzed.</summary>
public sealed class SampleWriter : ISampleSink
{
    private readonly TextWriter _output;
    private readonly ReportFormat _format;
    private bool _isFirst = true;

    /// <summary>Writes what stands before the first sample.</summary>
    public SampleWriter(TextWriter output, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(output);
        (_output, _format) = (output, format);
        switch (format)
        {
            case ReportFormat.Csv:
                output.WriteLine(FlowCsv.SampleHeading);
                break;
            case ReportFormat.Json:
                output.Write("{\"samples\":[");
                break;
        }
    }

    /// <inheritdoc/>
    public void Take(in FlowSample sample)
    {
        FlowSample copy = sample;
        switch (_format)
        {
            case ReportFormat.Csv:
                _output.WriteLine(FlowCsv.Sample(sample));
                break;
            case ReportFormat.Json:
                _output.WriteLine(_isFirst ? "" : ",");
                _output.Write(AnalysisWriter.Line(json => FlowJson.WriteSample(json, copy)));
                break;
            case ReportFormat.JsonLines:
                _output.WriteLine(AnalysisWriter.Line(json => FlowJson.WriteSample(json, copy)));
                break;
            default:
                _output.WriteLine(TextOf(sample));
                break;
        }
        _isFirst = false;
    }

    /// <summary>Writes what stands behind the last sample.</summary>
    public void Finish(AnalysisReport report)
    {
        if (_format == ReportFormat.Json)
        {
            _output.WriteLine("],");
            _output.WriteLine($"\"totals\":{AnalysisWriter.Line(json => FlowJson.WriteTotals(json, report))}}}");
        }
    }

    private static string TextOf(in FlowSample sample)
    {
        (ushort? source, ushort? destination) = ProtocolText.PortsOf(sample.Flow);
        return $"{DateTimeText.Of(sample.AtUnixNs)}  {FlowJson.NameOf(sample.Kind),-11}  {DurationText.Of(sample.ValueNs),9}  "
            + $"{ProtocolText.End(sample.Flow.Source, source)} -> {ProtocolText.End(sample.Flow.Destination, destination)} "
            + $"{ProtocolText.KindOf(sample.Flow)} psntp {sample.Psntp}{(sample.IsAuthentic ? "" : " (clear)")}";
    }
}
