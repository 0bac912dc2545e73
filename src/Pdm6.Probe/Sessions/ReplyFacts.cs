namespace Pdm6.Probe.Sessions;

/// <summary>What a reply that proved to be genuine says.</summary>
internal struct ReplyFacts
{
    /// <summary>The request it answers, from 0.</summary>
    internal uint Index;

    /// <summary>The reflector's number for this reply, rising with each; null if it has none.</summary>
    internal uint? ReplyNumber;

    /// <summary>When the request came to the reflector, by its clock, Unix time; null if it does not say.</summary>
    internal ulong? RequestReceivedAtUnixNs;

    /// <summary>When the reflector sent the reply, by its clock, Unix time; null if it does not say.</summary>
    internal ulong? ReplySentAtUnixNs;

    /// <summary>By how much the reflector's clock is off at most; null if it does not know.</summary>
    internal long? ClockErrorNs;

    /// <summary>Routers that the request passed, as the reflector infers; null if it does not say.</summary>
    internal int? HopsThere;

    /// <summary>The time that the request carried, Unix time, sent back; null if the protocol binds a reply to its request in
    /// another way.</summary>
    internal ulong? EchoedSentAtUnixNs;

    /// <summary>What the reflector counted up to here; null if it does not say.</summary>
    internal ReflectorCounts? Counts;
}
