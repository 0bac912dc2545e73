namespace Pdm6.Export;

/// <summary>What became of a request to a collector: what the caller does next.</summary>
public enum CollectorOutcome
{
    /// <summary>Done.</summary>
    Accepted,
    /// <summary>The collector does not know this incarnation: put the agent's description first, then again.</summary>
    UnknownAgent,
    /// <summary>The collector is busy: the same again later.</summary>
    Busy,
    /// <summary>No answer: the same again later.</summary>
    Unreachable,
    /// <summary>Somebody answered, but not with the collector's key: the key files differ.</summary>
    NotTheCollector,
    /// <summary>The collector found the request wrong: the same again would be refused again.</summary>
    Refused,
}
