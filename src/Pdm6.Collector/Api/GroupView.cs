using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Api;

/// <summary>One group of flows, over the whole run or a period.</summary>
/// <param name="Name">The name of the agents' rule, or "other".</param>
/// <param name="Packets">Distinct packets whose option was opened.</param>
/// <param name="Opened">Observations opened: packets and their copies.</param>
/// <param name="AuthenticationFailed">Observations whose tag was wrong.</param>
/// <param name="Lost">Options that senders counted and nobody observed.</param>
/// <param name="Duplicated">Further copies of one packet.</param>
/// <param name="Reordered">First copies that came after a higher number.</param>
/// <param name="Ambiguous">Further segments of a super-packet.</param>
/// <param name="Late">Copies too late to tell whether they are the first.</param>
/// <param name="Hops">Routers passed by most packets, inferred; null without packets.</param>
/// <param name="HopsMin">The fewest routers that a packet passed.</param>
/// <param name="HopsMax">The most routers that a packet passed.</param>
/// <param name="RoundTripNs">Time on the network, there and back.</param>
/// <param name="ServerDelayNs">Time from a request's arrival at the server to its answer.</param>
/// <param name="VariationNs">Difference between successive round trips of a flow (RFC 3393).</param>
/// <param name="Selected">Packets that the agents' rules chose.</param>
/// <param name="Sealed">Packets that left with a sealed option or as a sealed frame.</param>
/// <param name="SentClear">Packets that left with an option in clear.</param>
/// <param name="LeftAlone">Packets left alone, by reason.</param>
public sealed record GroupView(
    string Name, long Packets, long Opened, long AuthenticationFailed, long Lost, long Duplicated, long Reordered,
    long Ambiguous, long Late, int? Hops, int? HopsMin, int? HopsMax, DistributionView RoundTripNs,
    DistributionView ServerDelayNs, DistributionView VariationNs, long Selected, long Sealed, long SentClear,
    IReadOnlyDictionary<string, long> LeftAlone)
{
    internal static GroupView Of(string name, GroupNumbers numbers)
    {
        List<(int Hops, long Packets)> hops = [.. numbers.Hops];
        return new GroupView(
            name,
            numbers[GroupCounter.Packets],
            numbers[GroupCounter.Opened],
            numbers[GroupCounter.AuthenticationFailed],
            numbers[GroupCounter.Lost],
            numbers[GroupCounter.Duplicated],
            numbers[GroupCounter.Reordered],
            numbers[GroupCounter.Ambiguous],
            numbers[GroupCounter.Late],
            hops.Count == 0 ? null : hops.MaxBy(entry => entry.Packets).Hops,
            hops.Count == 0 ? null : hops[0].Hops,
            hops.Count == 0 ? null : hops[^1].Hops,
            DistributionView.Of(numbers.RoundTrip),
            DistributionView.Of(numbers.ServerDelay),
            DistributionView.Of(numbers.Variation),
            numbers[GroupCounter.Selected],
            numbers[GroupCounter.Sealed],
            numbers[GroupCounter.SentClear],
            new Dictionary<string, long>(numbers.LeftAlone));
    }
}
