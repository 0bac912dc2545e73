using Pdm6.Wire;

namespace Pdm6.Agent.Keys;

/// <summary>What all contexts of this agent have in common.</summary>
/// <param name="Name">For people.</param>
/// <param name="Addresses">The addresses that it measures from.</param>
/// <param name="OptionType">The IPv6 option type.</param>
/// <param name="UdpOptionExId">The ExID of the UDP option.</param>
/// <param name="Rotation">How long epochs and contexts are.</param>
/// <param name="SendsFrames">Some rule sends udp-frames.</param>
internal sealed record SenderIdentity(
    string Name, IReadOnlyList<Ipv6Address> Addresses, byte OptionType, ushort UdpOptionExId, KeyRotation Rotation,
    bool SendsFrames = false);
