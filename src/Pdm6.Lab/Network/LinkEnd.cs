using System.Globalization;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>One end of a <see cref="VethPair"/>: an interface in a namespace.</summary>
/// <param name="Namespace">The namespace that the interface is in.</param>
/// <param name="Interface">The interface's name there.</param>
public sealed record LinkEnd(NetworkNamespace Namespace, string Interface)
{
    private string? _hardwareAddress;

    /// <summary>The interface's Ethernet address, as in "02:00:00:00:00:01".</summary>
    public string HardwareAddress =>
        _hardwareAddress ??= Namespace.Run("cat", $"/sys/class/net/{Interface}/address").Trim();

    /// <summary>Adds an address that can be used at once.</summary>
    /// <exception cref="CommandFailedException">The kernel refused.</exception>
    public void AddAddress(Ipv6Address address, int prefixLength) =>
        Namespace.Ip("addr", "add", $"{address}/{prefixLength}", "dev", Interface, "nodad");

    /// <summary>Makes <paramref name="neighbour"/> known for ever, so that no neighbour discovery is seen on the link.</summary>
    /// <exception cref="CommandFailedException">The kernel refused.</exception>
    public void AddNeighbour(Ipv6Address neighbour, string hardwareAddress) => Namespace.Ip(
        "neigh", "replace", neighbour.ToString(), "lladdr", hardwareAddress, "dev", Interface, "nud", "permanent");

    /// <summary>Sends everything that is not on a link of this host through <paramref name="router"/>.</summary>
    /// <exception cref="CommandFailedException">The kernel refused.</exception>
    public void AddDefaultRoute(Ipv6Address router) =>
        Namespace.Ip("route", "add", "default", "via", router.ToString(), "dev", Interface);

    /// <summary>Sets the largest packet of the link, octets.</summary>
    /// <exception cref="CommandFailedException">The kernel refused.</exception>
    public void SetMtu(int octets) =>
        Namespace.Ip("link", "set", Interface, "mtu", octets.ToString(CultureInfo.InvariantCulture));

    /// <summary>Switches work that the kernel leaves to the interface on or off.</summary>
    /// <exception cref="CommandFailedException">The interface cannot do that.</exception>
    public void SetOffload(Offload offload, bool on) =>
        Namespace.Run("ethtool", "-K", Interface, NameOf(offload), on ? "on" : "off");

    private static string NameOf(Offload offload) => offload switch
    {
        Offload.TcpSegmentation => "tso",
        Offload.Segmentation => "gso",
        Offload.Receive => "gro",
        Offload.TransmitChecksum => "tx",
        Offload.UdpSegmentation => "tx-udp-segmentation",
        _ => throw new ArgumentOutOfRangeException(nameof(offload), offload, "Not an offload."),
    };
}
