namespace Pdm6.Probe.Sessions;

/// <summary>What goes into a request.</summary>
/// <param name="Index">Its number, from 0. Every number is asked for once, in order.</param>
/// <param name="NowUnixNs">The time that it carries.</param>
/// <param name="LastRoundTripNs">The prober's latest round trip; null if there is none.</param>
/// <param name="ClockErrorNs">By how much the time that it carries may be off; null if not known.</param>
/// <param name="IsClosing">It asks for the final counts and is no part of them.</param>
internal readonly record struct RequestFacts(
    uint Index, ulong NowUnixNs, long? LastRoundTripNs, long? ClockErrorNs, bool IsClosing);
