using Pdm6.Wire;

namespace Pdm6.Probe.Sessions;

/// <summary>When and how a reply came in.</summary>
/// <param name="StampedAtUnixNs">The kernel's time stamp, Unix time; 0 if there is none.</param>
/// <param name="NowNs">The monotonic clock when it was read.</param>
/// <param name="HopLimit">What was left of its hop limit.</param>
/// <param name="Destination">The address of this host that it was sent to.</param>
internal readonly record struct Arrival(ulong StampedAtUnixNs, long NowNs, byte HopLimit, Ipv6Address Destination);
