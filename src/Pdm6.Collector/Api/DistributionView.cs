using Pdm6.Measurement;

namespace Pdm6.Collector.Api;

/// <summary>A distribution of times in nanoseconds. Without samples all but the count are null.</summary>
/// <param name="Samples">Samples.</param>
/// <param name="Min">The least, exact.</param>
/// <param name="P50">The median, within <see cref="LatencyHistogram.RelativeError"/>.</param>
/// <param name="P90">The 90th percentile, likewise.</param>
/// <param name="P99">The 99th percentile, likewise.</param>
/// <param name="Max">The greatest, exact.</param>
public sealed record DistributionView(long Samples, long? Min, long? P50, long? P90, long? P99, long? Max)
{
    private static readonly DistributionView _empty = new(0, null, null, null, null, null);

    internal static DistributionView Of(LatencyHistogram? histogram) => histogram is not { Count: > 0 }
        ? _empty
        : new DistributionView(
            (long)histogram.Count, histogram.LeastNs, histogram.Quantile(0.5), histogram.Quantile(0.9),
            histogram.Quantile(0.99), histogram.GreatestNs);
}
