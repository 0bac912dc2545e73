using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Pdm6.Wire;

namespace Pdm6.Probe.Registered;

/// <summary>The addresses that this host probes and answers from.</summary>
public static class OwnAddresses
{
    /// <summary>The address that the system would send from.</summary>
    /// <exception cref="ProbeException">There is no way to the target.</exception>
    public static Ipv6Address Towards(ProbeTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        byte[] octets = new byte[Ipv6Address.Size];
        target.Address.Write(octets);
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(new IPEndPoint(new IPAddress(octets, target.ScopeId), target.Port)); // sends nothing
        }
        catch (SocketException unreachable)
        {
            throw new ProbeException($"{target.Name} cannot be reached from here: {unreachable.Message}.", unreachable);
        }
        return Ipv6Address.Read(((IPEndPoint)socket.LocalEndPoint!).Address.GetAddressBytes());
    }

    /// <summary>Every address of this host but link-local and loopback ones.</summary>
    public static IReadOnlyList<Ipv6Address> All() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(candidate => candidate.OperationalStatus != OperationalStatus.Down)
            .SelectMany(candidate => candidate.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false, IsIPv4MappedToIPv6: false }
                && !IPAddress.IsLoopback(address))
            .Select(address => Ipv6Address.Read(address.GetAddressBytes()))
            .Distinct(),
    ];
}
