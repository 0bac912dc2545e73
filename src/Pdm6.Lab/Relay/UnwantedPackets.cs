using System.Text.Json.Serialization;

namespace Pdm6.Lab;

/// <summary>What a router drops because of what is on a packet, as routers and firewalls on the Internet do; or takes off
/// it.</summary>
public sealed record UnwantedPackets
{
    /// <summary>Next Header values: packets with such an extension header.</summary>
    public IReadOnlyList<byte> Headers { get; init; } = [];

    /// <summary>Of these headers only those of at least so many octets.</summary>
    public int SmallestHeader { get; init; }

    /// <summary>UDP datagrams with octets behind them (RFC 9868).</summary>
    public bool UdpSurplus { get; init; }

    /// <summary>Destination Options headers are taken off and the rest passes, instead of the packet being dropped.</summary>
    public bool HeadersAreTakenOff { get; init; }

    /// <summary>Nothing.</summary>
    public static UnwantedPackets None { get; } = new();

    /// <summary>Packets with a Destination Options header.</summary>
    public static UnwantedPackets DestinationOptions { get; } = new() { Headers = [Wire.NextHeader.DestinationOptions] };

    /// <summary>True if some packet may be dropped.</summary>
    [JsonIgnore]
    public bool IsAny => Headers.Count > 0 || UdpSurplus;
}
