using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>What senders report their sent options by: one directed address pair, one rule, one epoch.</summary>
/// <param name="Context">The sender's context.</param>
/// <param name="EpochIndex">Index of the epoch in the context's timetable.</param>
/// <param name="Source">Source address.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="Tag">The caller's number for the rule, or for the group that the rule names.</param>
public readonly record struct PairLossKey(
    UInt128 Context, long EpochIndex, Ipv6Address Source, Ipv6Address Destination, int Tag);
