namespace Pdm6.Cli.Demo;

/// <summary>One flow group as the collector's <c>/v1/groups</c> reports it.</summary>
internal sealed record GroupReading(
    string Name, long Packets, long Lost, int? Hops, DistributionReading RoundTripNs, DistributionReading ServerDelayNs,
    DistributionReading VariationNs, long Selected, long Sealed, IReadOnlyDictionary<string, long> LeftAlone);
