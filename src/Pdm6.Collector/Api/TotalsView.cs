namespace Pdm6.Collector.Api;

/// <summary>The whole run, groups aside.</summary>
/// <param name="Observations">Observations taken from agents.</param>
/// <param name="Opened">Options opened and authenticated.</param>
/// <param name="AuthenticationFailed">Options whose tag was wrong.</param>
/// <param name="NoKey">Options of a source that announced no context.</param>
/// <param name="WrongEpoch">Options outside every announced epoch of their source.</param>
/// <param name="Malformed">Not well-formed options.</param>
/// <param name="UnknownVersion">Options of a version other than 2.</param>
/// <param name="Clear">Options in the clear form.</param>
/// <param name="NotAhead">Opened, but not let to update the observer's state: copies and late ones.</param>
/// <param name="Waiting">Observations whose context is not known yet; they are tried again for some seconds.</param>
/// <param name="RingLost">Observations that found an agent's ring buffer full.</param>
/// <param name="ExportLost">Observations that an agent could neither send nor keep.</param>
/// <param name="Lost">Options that senders counted and nobody observed.</param>
/// <param name="RepeatedBatches">Batches that came again and were not counted again.</param>
/// <param name="UnknownAgentObservations">Observations that were taken from an agent and dropped, because it had been
/// forgotten.</param>
/// <param name="RefusedRequests">Requests of agents that were not well-formed, since the collector started.</param>
/// <param name="QuantileError">The most by which a quantile can be off, for people.</param>
public sealed record TotalsView(
    long Observations, long Opened, long AuthenticationFailed, long NoKey, long WrongEpoch, long Malformed,
    long UnknownVersion, long Clear, long NotAhead, long Waiting, long RingLost, long ExportLost, long Lost,
    long RepeatedBatches, long UnknownAgentObservations, long RefusedRequests, string QuantileError);
