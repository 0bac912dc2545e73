using Pdm6.Capture.Analysis;
using Pdm6.Measurement;

namespace Pdm6.Capture.Reports.Plots;

/// <summary>A latency over time: the median as a line, and bands up to the 90th and 99th percentile.</summary>
internal static class LatencyPlot
{
    /// <summary>Fewer make percentiles that mean little.</summary>
    private const int SamplesPerPoint = 30;
    private const int FewestPoints = 16;
    private const int MostPoints = 256;

    /// <param name="title">What it shows.</param>
    /// <param name="color">Class of its colours.</param>
    /// <param name="whole">The numbers over time.</param>
    /// <param name="of">Which of them.</param>
    public static string Draw(string title, string color, Timeline whole, Func<TimelineBin, LatencyHistogram> of)
    {
        Canvas canvas = new(title, ($"{color} far", "p99"), ($"{color} near", "p90"), ($"{color} fill", "median"));
        ulong samples = whole.Bins.Aggregate(0ul, (sum, entry) => sum + of(entry.Bin).Count);
        Timeline timeline = whole.Coarser((int)Math.Clamp(samples / SamplesPerPoint, FewestPoints, MostPoints));
        Span[] spans = [.. timeline.Bins.Where(entry => of(entry.Bin).Count > 0).Select(entry => new Span(entry.Index, of(entry.Bin)))];
        if (spans.Length == 0)
        {
            canvas.Empty("no samples");
            return canvas.ToString();
        }
        TimeAxis time = new(timeline, whole);
        Scale value = Scale.For(Median(spans.Select(span => span.P50)), spans.Max(span => span.P99),
            spans.Min(span => span.Least), Canvas.Bottom, Canvas.Top);
        canvas.AxisY(value, mark => DurationText.Of((long)mark));
        time.Draw(canvas);
        foreach (Span[] run in Runs(spans))
            DrawRun(canvas, color, run, time, value);
        foreach (Span span in spans)
            canvas.Hint(time.Begin(span.Index), time.BinWidth,
                $"{time.Text(span.Index)}: median {DurationText.Of(span.P50)}, p90 {DurationText.Of(span.P90)}, p99 {DurationText.Of(span.P99)} ({span.Samples} samples)");
        return canvas.ToString();
    }

    private static void DrawRun(Canvas canvas, string color, Span[] run, TimeAxis time, Scale value)
    {
        (double X, double Y)[] Points(Func<Span, long> of) => [.. run.Select(span => (time.Middle(span.Index), value.At(of(span))))];
        if (run.Length == 1)
        {
            canvas.Dot($"{color} fill", time.Middle(run[0].Index), value.At(run[0].P50));
            return;
        }
        canvas.Area($"{color} far", Points(span => span.P99), Points(span => span.P90));
        canvas.Area($"{color} near", Points(span => span.P90), Points(span => span.P50));
        canvas.Line($"{color} line", Points(span => span.P50));
    }

    /// <summary>Spans that follow each other without a gap worth showing.</summary>
    private static IEnumerable<Span[]> Runs(Span[] spans)
    {
        // Where packets are rare most spans are empty: a line is drawn over gaps that are usual here.
        int usual = (int)Math.Ceiling(Median(spans.Zip(spans.Skip(1), (one, next) => (long)(next.Index - one.Index)).DefaultIfEmpty(1)));
        int start = 0;
        for (int i = 1; i <= spans.Length; i++)
        {
            if (i < spans.Length && spans[i].Index - spans[i - 1].Index <= 4 * usual)
                continue;
            yield return spans[start..i];
            start = i;
        }
    }

    private static double Median(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private readonly record struct Span(int Index, long P50, long P90, long P99, long Least, ulong Samples)
    {
        public Span(int index, LatencyHistogram histogram) : this(index, histogram.Quantile(0.5), histogram.Quantile(0.9),
            histogram.Quantile(0.99), histogram.LeastNs, histogram.Count)
        {
        }
    }
}
