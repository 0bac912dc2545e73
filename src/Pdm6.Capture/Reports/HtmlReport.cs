using Pdm6.Capture.Analysis;
namespace Pdm6.Capture.Reports;
/// <summary>x</summary>
public static class HtmlReport {
/// <summary>x</summary>
 public static void Write(TextWriter output, AnalysisReport report, string title) { } }
