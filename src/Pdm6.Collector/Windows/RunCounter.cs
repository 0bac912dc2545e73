namespace Pdm6.Collector.Windows;

/// <summary>What is counted over the whole run, groups aside. The names are those of the store.</summary>
internal enum RunCounter
{
    /// <summary>Observations taken from agents.</summary>
    Observations,
    /// <summary>Options opened and authenticated.</summary>
    Opened,
    /// <summary>Options whose tag was wrong.</summary>
    AuthenticationFailed,
    /// <summary>Options of a source that announced no context.</summary>
    NoKey,
    /// <summary>Options outside every announced epoch of their source.</summary>
    WrongEpoch,
    /// <summary>Not well-formed options.</summary>
    Malformed,
    /// <summary>Options of a version other than 2.</summary>
    UnknownVersion,
    /// <summary>Options in the clear form.</summary>
    Clear,
    /// <summary>Opened, but the observer did not let them update its state: copies and late ones.</summary>
    NotAhead,
    /// <summary>Observations that found an agent's ring buffer full.</summary>
    RingLost,
    /// <summary>Observations that an agent could neither send nor keep.</summary>
    ExportLost,
    /// <summary>Batches that came again and were not counted again.</summary>
    RepeatedBatches,
    /// <summary>Observations that were taken from an agent and dropped, because it had been forgotten.</summary>
    UnknownAgentObservations,
    /// <summary>Destinations whose path an agent found to lose a form of the option.</summary>
    PathFallbacks,
    /// <summary>Times that such a form was found to arrive again.</summary>
    PathReturns,
}
