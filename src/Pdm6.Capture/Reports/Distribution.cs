using Pdm6.Measurement;

namespace Pdm6.Capture.Reports;

/// <summary>The numbers of a histogram that reports show, nanoseconds; null without samples.</summary>
internal readonly record struct Distribution(long Samples, long? Min, long? P50, long? P90, long? P99, long? Max)
{
    public static Distribution Of(LatencyHistogram histogram) => histogram.Count == 0
        ? default
        : new((long)histogram.Count, histogram.LeastNs, histogram.Quantile(0.5), histogram.Quantile(0.9),
            histogram.Quantile(0.99), histogram.GreatestNs);
}
