using Pdm6.Collector.Pairing;

namespace Pdm6.Collector.Api;

/// <summary>Times of one conversation in nanoseconds. Without samples all but the count are null.</summary>
/// <param name="Samples">Samples.</param>
/// <param name="Min">The least.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Max">The greatest.</param>
/// <param name="Last">The most recent.</param>
public sealed record TimesView(long Samples, long? Min, double? Mean, long? Max, long? Last)
{
    internal static TimesView Of(in TimeSummary times) => times.Samples == 0
        ? new TimesView(0, null, null, null, null)
        : new TimesView(times.Samples, times.LeastNs, times.MeanNs, times.GreatestNs, times.LastNs);
}
