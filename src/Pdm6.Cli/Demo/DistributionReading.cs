namespace Pdm6.Cli.Demo;

/// <summary>A distribution of times as the collector reports it, nanoseconds. Without samples there are no times.</summary>
internal sealed record DistributionReading(long Samples, long? P50, long? P90, long? P99);
