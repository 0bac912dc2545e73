using Pdm6.Wire;

namespace Pdm6.Probe;

/// <summary>A host that is asked.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Address">Its address.</param>
/// <param name="Port">The port that its reflector listens on.</param>
/// <param name="ScopeId">Index of the interface of a link-local address; 0 for all others.</param>
public sealed record ProbeTarget(string Name, Ipv6Address Address, ushort Port, uint ScopeId = 0);
