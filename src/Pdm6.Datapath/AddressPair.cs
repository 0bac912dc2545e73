using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>A directed address pair: what one session key protects (protocol reference, section 6).</summary>
public readonly record struct AddressPair(Ipv6Address Source, Ipv6Address Destination);
