using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>Which packets to measure. A packet falls under the first rule that fits in every respect.</summary>
/// <param name="Destinations">Prefixes, one of which the destination must be in.</param>
/// <param name="Protocols">Upper-layer protocol numbers; empty: every protocol.</param>
/// <param name="Ports">Ranges, one of which the source or the destination port must be in, so that a rule fits both
/// directions of a service; empty: every port, and protocols without ports.</param>
/// <param name="SampleOneIn">1: every flow; N: about one flow in N, whole flows always.</param>
public sealed record PolicyRule(
    IReadOnlyList<Ipv6Prefix> Destinations, IReadOnlyList<byte> Protocols, IReadOnlyList<PortRange> Ports, uint SampleOneIn = 1);
