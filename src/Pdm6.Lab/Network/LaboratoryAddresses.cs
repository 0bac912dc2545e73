using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>
/// The addresses of every laboratory. They live in namespaces, so laboratories at the same time do not meet.
/// <code>
///   client  2001:db8:1::1 ---- 2001:db8:1::fe  router  2001:db8:2::fe ---- 2001:db8:2::1  server     measured
///           fd00:6:1::1 ------------- fd00:6:1::2 collector fd00:6:2::2 ------------- fd00:6:2::1     management
/// </code>
/// </summary>
public static class LaboratoryAddresses
{
    /// <summary>Prefix length of every link.</summary>
    public const int PrefixLength = 64;

    /// <summary>The client on its measured link.</summary>
    public static Ipv6Address Client { get; } = Ipv6Address.Parse("2001:db8:1::1");
    /// <summary>The router on the client's measured link.</summary>
    public static Ipv6Address RouterForClient { get; } = Ipv6Address.Parse("2001:db8:1::fe");
    /// <summary>The router on the server's measured link.</summary>
    public static Ipv6Address RouterForServer { get; } = Ipv6Address.Parse("2001:db8:2::fe");
    /// <summary>The server on its measured link.</summary>
    public static Ipv6Address Server { get; } = Ipv6Address.Parse("2001:db8:2::1");
    /// <summary>The client on its management link.</summary>
    public static Ipv6Address ClientManagement { get; } = Ipv6Address.Parse("fd00:6:1::1");
    /// <summary>The collector on the client's management link.</summary>
    public static Ipv6Address CollectorForClient { get; } = Ipv6Address.Parse("fd00:6:1::2");
    /// <summary>The collector on the server's management link.</summary>
    public static Ipv6Address CollectorForServer { get; } = Ipv6Address.Parse("fd00:6:2::2");
    /// <summary>The server on its management link.</summary>
    public static Ipv6Address ServerManagement { get; } = Ipv6Address.Parse("fd00:6:2::1");
}
