using System.Globalization;

namespace Pdm6.Probe.Reports;

/// <summary>Prometheus text (exposition format 0.0.4), written at the end: for the textfile collector of a node
/// exporter.</summary>
internal sealed class PrometheusReport(TextWriter output) : IProbeReport
{
    private const double NsPerSecond = 1e9;
    private static readonly double[] s_quantiles = [0.5, 0.9, 0.99];

    public void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops)
    {
        WriteDelays(summaries, "round_trip", "Round trip on the network, the reflector's own time taken out.", summary => summary.RoundTrip);
        WriteDelays(summaries, "reflector", "The reflector's own time.", summary => summary.Reflector);
        WriteDelays(summaries, "variation", "Difference of round trips that follow each other (RFC 3393).", summary => summary.Variation);
        WriteDelays(summaries, "delay_there", "One-way delay of requests, within the clock error.", summary => summary.DelayThere);
        WriteDelays(summaries, "delay_back", "One-way delay of replies, within the clock error.", summary => summary.DelayBack);
        WriteGauge(summaries, "jitter_seconds", "Smoothed jitter of round trips (RFC 3550).", summary => summary.JitterNs / NsPerSecond);
        WriteGauge(summaries, "clock_error_seconds", "Largest error of one-way delays.", summary => summary.ClockErrorNs / NsPerSecond);
        WriteGauge(summaries, "packets_sent", "Requests that left.", summary => summary.Sent);
        WriteGauge(summaries, "packets_received", "Requests answered in time.", summary => summary.Received);
        WriteDirections(summaries, "packets_lost", "Packets lost.", counts => counts.Lost);
        WriteDirections(summaries, "packets_duplicated", "Further copies that arrived.", counts => counts.Duplicated);
        WriteDirections(summaries, "packets_reordered", "Packets overtaken by later ones.", counts => counts.Reordered);
        WriteHead("hops", "Routers, inferred from the hop limit.", "gauge");
        foreach (ProbeSummary summary in summaries)
        {
            WriteSample("hops", summary, "there", summary.HopsThere);
            WriteSample("hops", summary, "back", summary.HopsBack);
        }
        output.Flush();
    }

    private void WriteDelays(
        IReadOnlyList<ProbeSummary> summaries, string name, string help, Func<ProbeSummary, DelayDistribution> delays)
    {
        name += "_seconds";
        WriteHead(name, help, "summary");
        foreach (ProbeSummary summary in summaries.Where(summary => delays(summary).Count > 0))
        {
            foreach (double quantile in s_quantiles)
                output.WriteLine(
                    $"pdm6_probe_{name}{{target=\"{Escaped(summary)}\",quantile=\"{Text(quantile)}\"}} {Text(delays(summary).Histogram.Quantile(quantile) / NsPerSecond)}");
            output.WriteLine($"pdm6_probe_{name}_sum{{target=\"{Escaped(summary)}\"}} {Text((double)delays(summary).Histogram.SumNs / NsPerSecond)}");
            output.WriteLine($"pdm6_probe_{name}_count{{target=\"{Escaped(summary)}\"}} {delays(summary).Count}");
        }
    }

    private void WriteGauge(IReadOnlyList<ProbeSummary> summaries, string name, string help, Func<ProbeSummary, double?> value)
    {
        WriteHead(name, help, "gauge");
        foreach (ProbeSummary summary in summaries)
        {
            if (value(summary) is { } known)
                output.WriteLine($"pdm6_probe_{name}{{target=\"{Escaped(summary)}\"}} {Text(known)}");
        }
    }

    private void WriteDirections(IReadOnlyList<ProbeSummary> summaries, string name, string help, Func<DirectionSummary, long?> value)
    {
        WriteHead(name, help, "gauge");
        foreach (ProbeSummary summary in summaries)
        {
            WriteSample(name, summary, "there", value(summary.There));
            WriteSample(name, summary, "back", value(summary.Back));
        }
    }

    private void WriteHead(string name, string help, string type)
    {
        output.WriteLine($"# HELP pdm6_probe_{name} {help}");
        output.WriteLine($"# TYPE pdm6_probe_{name} {type}");
    }

    private void WriteSample(string name, ProbeSummary summary, string direction, double? value)
    {
        if (value is { } known)
            output.WriteLine($"pdm6_probe_{name}{{target=\"{Escaped(summary)}\",direction=\"{direction}\"}} {Text(known)}");
    }

    private static string Escaped(ProbeSummary summary) => summary.Target.Name
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
