namespace Pdm6.Cli.Demo;

/// <summary>What the collector knew at one moment, groups in the order of the agents' rules.</summary>
internal sealed record Readings(IReadOnlyList<GroupReading> Groups, TotalsReading Totals);
