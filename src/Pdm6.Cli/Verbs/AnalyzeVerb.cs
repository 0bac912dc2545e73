using System.CommandLine;
using Pdm6.Capture;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Reports;
using Pdm6.Cli.Analysis;
using Pdm6.Security.Files;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 analyze</c>.</summary>
internal sealed class AnalyzeVerb : Verb
{
    private const int OutputBufferSize = 1 << 16;

    private static readonly Dictionary<string, ReportFormat> s_formats = new()
    {
        ["table"] = ReportFormat.Table,
        ["json"] = ReportFormat.Json,
        ["jsonl"] = ReportFormat.JsonLines,
        ["csv"] = ReportFormat.Csv,
    };

    private readonly Argument<string> _capture = new("CAPTURE") { Description = "pcap or pcapng, also compressed with gzip." };
    private readonly Option<string> _format = new("--format")
    {
        Description = "table, json, csv or jsonl.",
        DefaultValueFactory = _ => "table",
    };
    private readonly Option<bool> _perSample = new("--per-sample") { Description = "Every sample by itself instead of flows." };
    private readonly Option<string?> _html = new("--html") { Description = "Also write a page with plots to this file." };
    private readonly Option<string?> _svg = new("--svg") { Description = "Also write the plots alone to this file." };
    private readonly Option<bool> _force = new("--force") { Description = "Replace files that are there." };
    private readonly Option<int> _maxFlows = new("--max-flows")
    {
        Description = "Flows that get numbers of their own; memory is bounded by them.",
        DefaultValueFactory = _ => new AnalysisOptions().MaxFlows,
    };
    private readonly CaptureKeyOptions _keys = new();
    private readonly FilterOptions _filter = new();

    internal AnalyzeVerb() : base(
        "analyze",
        "Measures every flow of a capture: round trip, server delay, variation, loss, duplicates, order.",
        "pdm6 analyze client.pcapng --announcements announcements.json --key-file lab.key --html report.html")
    {
        Add(_capture);
        Add(_format);
        Add(_perSample);
        Add(_html);
        Add(_svg);
        Add(_force);
        Add(_maxFlows);
        _keys.AddTo(this);
        _filter.AddTo(this);
        SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
    }

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        TextWriter given = parsed.InvocationConfiguration.Output;
        if (!ReferenceEquals(given, Console.Out))
            return Run(parsed, given, stop);
        // The console writes every line by itself; samples come by the million.
        using StreamWriter output = new(Console.OpenStandardOutput(), bufferSize: OutputBufferSize);
        return Run(parsed, output, stop);
    }

    private int Run(ParseResult parsed, TextWriter output, CancellationToken stop)
    {
        TextWriter errors = parsed.InvocationConfiguration.Error;
        string name = parsed.GetRequiredValue(_format);
        if (!s_formats.TryGetValue(name, out ReportFormat format))
            throw new WrongUseException($"There is no format '{name}'; there are: {string.Join(", ", s_formats.Keys)}.");
        string? html = parsed.GetValue(_html), svg = parsed.GetValue(_svg);
        AnalysisOptions options = new()
        {
            Wire = _keys.Wire(parsed),
            Filter = _filter.Read(parsed),
            MaxFlows = parsed.GetValue(_maxFlows) is var most and > 0 ? most : throw new WrongUseException("--max-flows is at least 1."),
            KeepTimeline = html is not null || svg is not null,
        };
        using CaptureKeys keys = _keys.Load(parsed);
        using AtomicFile? page = html is null ? null : new AtomicFile(html, parsed.GetValue(_force));
        using AtomicFile? plots = svg is null ? null : new AtomicFile(svg, parsed.GetValue(_force));
        using CaptureReader capture = CaptureReader.Open(parsed.GetRequiredValue(_capture));
        SampleWriter? samples = parsed.GetValue(_perSample) ? new SampleWriter(output, format) : null;
        AnalysisReport report = Analyze(new CaptureAnalyzer(keys, options, samples), capture, errors, stop);
        if (samples is null)
            AnalysisWriter.Write(output, report, format);
        else
            samples.Finish(report);
        string title = Path.GetFileName(parsed.GetRequiredValue(_capture));
        Write(page, writer => HtmlReport.Write(writer, report, title));
        Write(plots, writer => SvgReport.Write(writer, report, title));
        output.Flush();
        CaptureKeyOptions.Report(keys, errors);
        if (report.Problem is null)
            return ExitCode.Success;
        errors.WriteLine($"pdm6: {report.Problem} What came before is analyzed.");
        return ExitCode.Failure;
    }

    private static AnalysisReport Analyze(CaptureAnalyzer analyzer, CaptureReader capture, TextWriter errors, CancellationToken stop)
    {
        using ProgressLine progress = new(errors, !Console.IsErrorRedirected);
        return analyzer.Analyze(capture, () => progress.Show(capture.ReadShare), stop);
    }

    private static void Write(AtomicFile? file, Action<TextWriter> write)
    {
        if (file is null)
            return;
        using (StreamWriter writer = new(file.Stream, leaveOpen: true))
            write(writer);
        file.Commit();
    }
}
