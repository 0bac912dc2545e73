using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Api;

/// <summary>One step of a group's time series.</summary>
/// <param name="Second">Where it begins, seconds since the Unix epoch.</param>
/// <param name="Packets">Distinct packets whose option was opened.</param>
/// <param name="Lost">Change of the options sent and not observed; below 0 when late observations came in.</param>
/// <param name="Duplicated">Further copies of one packet.</param>
/// <param name="Reordered">First copies that came after a higher number.</param>
/// <param name="RoundTripNs">Time on the network, there and back.</param>
/// <param name="ServerDelayNs">Time at the server.</param>
/// <param name="VariationNs">Difference between successive round trips of a flow.</param>
public sealed record WindowView(
    long Second, long Packets, long Lost, long Duplicated, long Reordered, DistributionView RoundTripNs,
    DistributionView ServerDelayNs, DistributionView VariationNs)
{
    internal static WindowView Of(long second, GroupNumbers numbers) => new(
        second,
        numbers[GroupCounter.Packets],
        numbers[GroupCounter.Lost],
        numbers[GroupCounter.Duplicated],
        numbers[GroupCounter.Reordered],
        DistributionView.Of(numbers.RoundTrip),
        DistributionView.Of(numbers.ServerDelay),
        DistributionView.Of(numbers.Variation));
}
