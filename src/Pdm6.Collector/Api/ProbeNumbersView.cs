using Pdm6.Export;

namespace Pdm6.Collector.Api;

/// <summary>The numbers of one or more rounds of probing.</summary>
/// <param name="Sent">Requests sent.</param>
/// <param name="Received">Requests answered in time.</param>
/// <param name="There">The way there, of the rounds that know it.</param>
/// <param name="Back">The way back, likewise.</param>
/// <param name="RoundTripNs">Round trips on the network, the reflector's own time taken out.</param>
public sealed record ProbeNumbersView(
    long Sent, long Received, ProbeDirection There, ProbeDirection Back, DistributionView RoundTripNs);
