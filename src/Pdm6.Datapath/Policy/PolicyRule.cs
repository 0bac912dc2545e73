using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>Which packets to measure, and how. A packet falls under the first rule that fits in every respect.</summary>
/// <param name="Destinations">Prefixes, one of which the destination must be in.</param>
/// <param name="Protocols">Upper-layer protocol numbers; empty: every protocol.</param>
/// <param name="Ports">Ranges, one of which the source or the destination port must be in, so that a rule fits both
/// directions of a service; empty: every port, and protocols without ports.</param>
/// <param name="SampleOneIn">1: every flow; N: about one flow in N; whole flows, unless <see cref="SamplesPackets"/>.</param>
public sealed record PolicyRule(
    IReadOnlyList<Ipv6Prefix> Destinations, IReadOnlyList<byte> Protocols, IReadOnlyList<PortRange> Ports, uint SampleOneIn = 1)
{
    /// <summary>Prefixes, none of which the destination may be in, whatever <see cref="Destinations"/> says.</summary>
    public IReadOnlyList<Ipv6Prefix> ExceptDestinations { get; init; } = [];

    /// <summary>Prefixes, one of which the source must be in.</summary>
    public IReadOnlyList<Ipv6Prefix> Sources { get; init; } = [Everywhere];

    /// <summary>Prefixes, none of which the source may be in.</summary>
    public IReadOnlyList<Ipv6Prefix> ExceptSources { get; init; } = [];

    /// <summary>Differentiated services code points, 0 to 63; empty: every one.</summary>
    public IReadOnlyList<byte> Dscps { get; init; } = [];

    /// <summary>Indexes of interfaces by which the packet leaves; empty: any.</summary>
    public IReadOnlyList<int> Interfaces { get; init; } = [];

    /// <summary>Control groups, in or below one of which the packet's socket was made; empty: any, and none.</summary>
    public IReadOnlyList<ControlGroup> Cgroups { get; init; } = [];

    /// <summary>The mark that a packet must have.</summary>
    public PacketMark Mark { get; init; }

    /// <summary>What carries the measurement.</summary>
    public PacketCarriage Carriage { get; init; }

    /// <summary>Sample packets of every flow instead of flows. Packets of one flow with and without an option may then
    /// take different paths and receive queues, and overtake each other.</summary>
    public bool SamplesPackets { get; init; }

    /// <summary>Take the option off received packets of these flows; null: as <see cref="DatapathOptions.Strip"/> says.</summary>
    public bool? Strip { get; init; }

    /// <summary>Packets of one flow that get an option in a second; 0: no cap.</summary>
    public uint FlowPacketsPerSecond { get; init; }

    /// <summary>Packets of all flows of the rule that get an option in a second; 0: no cap.</summary>
    public uint PacketsPerSecond { get; init; }

    /// <summary>What its packets count for, 0 to 31; null: its place in the policy. Groups keep counters and
    /// observations apart also when rules change places.</summary>
    public int? Group { get; init; }

    /// <summary>::/0</summary>
    public static Ipv6Prefix Everywhere => default;
}
