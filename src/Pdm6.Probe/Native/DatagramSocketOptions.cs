using Pdm6.Wire;

namespace Pdm6.Probe.Native;

/// <summary>How a <see cref="DatagramSocket"/> is set up.</summary>
internal sealed record DatagramSocketOptions
{
    /// <summary>Local address; default for any.</summary>
    internal Ipv6Address Address { get; init; }

    /// <summary>Local port; 0 for one that is free.</summary>
    internal ushort Port { get; init; }

    /// <summary>Interface that everything leaves and comes in by; null for any.</summary>
    internal string? Interface { get; init; }

    /// <summary>Traffic class octet of what is sent (DSCP in the upper six bits).</summary>
    internal byte TrafficClass { get; init; }

    /// <summary>Hop limit of what is sent; null for the system's.</summary>
    internal byte? HopLimit { get; init; }

    /// <summary>Of which datagrams the kernel says when they left; see <see cref="ErrorQueue"/>.</summary>
    internal TransmitStamping TransmitStamping { get; init; }
}
