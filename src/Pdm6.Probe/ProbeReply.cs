namespace Pdm6.Probe;

/// <summary>A request that was answered in time.</summary>
/// <param name="Index">Number of the request, from 0.</param>
/// <param name="Octets">The reply's UDP payload.</param>
/// <param name="SentAtUnixNs">When the request left, Unix time.</param>
/// <param name="ReceivedAtUnixNs">When the reply came in, Unix time.</param>
/// <param name="RoundTripNs">Time on the network there and back, the reflector's own time taken out; null if the
/// reflector's times contradict each other: a wrong sample is worse than none.</param>
/// <param name="ReflectorNs">The reflector's own time; 0 if it does not say.</param>
/// <param name="DelayThereNs">One-way delay of the request, true to within the two clocks' errors; null without them.</param>
/// <param name="DelayBackNs">One-way delay of the reply, likewise.</param>
/// <param name="HopsThere">Routers on the way there, inferred; null if the reflector does not say.</param>
/// <param name="HopsBack">Routers on the way back, inferred.</param>
/// <param name="HopLimit">What was left of the reply's hop limit.</param>
public readonly record struct ProbeReply(
    uint Index, int Octets, ulong SentAtUnixNs, ulong ReceivedAtUnixNs, long? RoundTripNs, long ReflectorNs,
    long? DelayThereNs, long? DelayBackNs, int? HopsThere, int HopsBack, byte HopLimit);
