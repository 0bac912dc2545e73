namespace Pdm6.Cli.Demo;

/// <summary>What the collector's <c>/v1/totals</c> reports of the whole run.</summary>
internal sealed record TotalsReading(long Opened, long AuthenticationFailed, long NoKey, long WrongEpoch, long Waiting);
