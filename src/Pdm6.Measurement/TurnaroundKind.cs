namespace Pdm6.Measurement;

/// <summary>Whose time a turnaround was.</summary>
public enum TurnaroundKind : byte
{
    /// <summary>From the request's arrival at the server to its first answer with payload: the time people mean.</summary>
    ServerDelay,
    /// <summary>The same on the client's side: the time between an answer and the next request.</summary>
    ClientDelay,
    /// <summary>Payload on both packets, of two sides that cannot be told apart.</summary>
    EitherDelay,
    /// <summary>No payload on one of the two packets (TCP acknowledgements).</summary>
    Other,
}
