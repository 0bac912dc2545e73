using System.Globalization;
using Pdm6.Measurement;

namespace Pdm6.Capture.Reports.Plots;

/// <summary>How round trips and server delays are distributed, over the logarithm of time.</summary>
internal static class DistributionPlot
{
    private const int BarsPerDecade = 40;
    private const int MostBars = 200;

    public static string Draw(LatencyHistogram roundTrip, LatencyHistogram serverDelay)
    {
        Canvas canvas = new("Distribution, percent of samples", ("network near", "round trip"), ("server near", "server delay"));
        LatencyHistogram[] both = [.. new[] { roundTrip, serverDelay }.Where(histogram => histogram.Count > 0)];
        if (both.Length == 0)
        {
            canvas.Empty("no samples");
            return canvas.ToString();
        }
        double low = Math.Max(1, both.Min(histogram => Quantile(histogram, 0.001)) / 1.3);
        double high = both.Max(histogram => Quantile(histogram, 0.999)) * 1.3;
        int bars = Math.Clamp((int)(Math.Log10(high / low) * BarsPerDecade), BarsPerDecade / 2, MostBars);
        double[] network = Shares(roundTrip, low, high, bars), server = Shares(serverDelay, low, high, bars);
        Scale time = Scale.Logarithmic(low, high, Canvas.Left, Canvas.Right);
        Scale share = Scale.Linear(network.Concat(server).Max() * 1.05, Canvas.Bottom, Canvas.Top);
        canvas.AxisY(share, mark => $"{mark.ToString("0.##", CultureInfo.InvariantCulture)} %");
        canvas.AxisX(time, mark => DurationText.Of((long)mark));
        Bars(canvas, "network near", "round trip", network, time, share, low, high);
        Bars(canvas, "server near", "server delay", server, time, share, low, high);
        return canvas.ToString();
    }

    private static void Bars(
        Canvas canvas, string style, string name, double[] shares, Scale time, Scale share, double low, double high)
    {
        for (int bar = 0; bar < shares.Length; bar++)
        {
            if (shares[bar] == 0)
                continue;
            double from = low * Math.Pow(high / low, (double)bar / shares.Length);
            double to = low * Math.Pow(high / low, (bar + 1.0) / shares.Length);
            canvas.Bar(style, time.At(from), time.At(to) - time.At(from), share.At(shares[bar]),
                string.Create(CultureInfo.InvariantCulture,
                    $"{name} {DurationText.Of((long)from)} to {DurationText.Of((long)to)}: {shares[bar]:0.##} %"));
        }
    }

    /// <summary>The share of each bar; what lies outside counts to the bars at the ends. A bucket that spans several bars is
    /// spread evenly over them.</summary>
    private static double[] Shares(LatencyHistogram histogram, double low, double high, int bars)
    {
        double[] shares = new double[bars];
        int BarOf(double ns) => Math.Clamp((int)(Math.Log(ns / low) / Math.Log(high / low) * bars), 0, bars - 1);
        foreach (HistogramBucket bucket in histogram.NonEmptyBuckets)
        {
            int first = BarOf(Math.Max(1, bucket.FromNs)), last = BarOf(Math.Max(1, bucket.FromNs + bucket.WidthNs - 1));
            for (int bar = first; bar <= last; bar++)
                shares[bar] += 100.0 * bucket.Count / histogram.Count / (last - first + 1);
        }
        return shares;
    }

    private static double Quantile(LatencyHistogram histogram, double p) => Math.Max(1, histogram.Quantile(p));
}
