using Pdm6.Wire;

namespace Pdm6.Measurement.Tests.Scenario;

/// <summary>The flows of the scenarios: A is the client.</summary>
internal static class Flows
{
    public const ulong Ms = 1_000_000;
    public const ulong Second = 1_000 * Ms;
    /// <summary>Time at which scenarios begin, far from 0 as Unix time is.</summary>
    public const ulong Start = 1_700_000_000 * Second;

    private static readonly Ipv6Address A = Ipv6Address.Parse("2001:db8::a");
    private static readonly Ipv6Address B = Ipv6Address.Parse("2001:db8::b");

    public static FlowKey Dns { get; } = new(A, B, NextHeader.Udp, 40_000, 53);
    public static FlowKey Http { get; } = new(A, B, NextHeader.Tcp, 40_001, 80);
    public static FlowKey Ping { get; } = new(A, B, NextHeader.Icmpv6, 128 << 8, 77);
    public static FlowKey Symmetric { get; } = new(A, B, NextHeader.Udp, 123, 123);

    public static FlowKey Udp(int port) => new(A, B, NextHeader.Udp, (ushort)port, 53);

    public static FlowKey Reverse(this FlowKey flow) =>
        flow.TryReverse(out FlowKey reverse) ? reverse : throw new ArgumentException("No reverse.", nameof(flow));
}
