using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Pdm6.Agent.Configuration;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent;

/// <summary>Finds on this host what the configuration names. Changes nothing.</summary>
internal static class HostAddresses
{
    /// <summary>The configured interfaces.</summary>
    /// <exception cref="AgentException">One is not there, or is not Ethernet.</exception>
    internal static IReadOnlyList<HostInterface> FindInterfaces(AgentConfiguration configuration) =>
        [.. configuration.Interfaces.Select(FindInterface)];

    /// <summary>The configured addresses, or the interfaces' global unicast ones.</summary>
    /// <exception cref="AgentException">There is none, or too many to announce.</exception>
    internal static IReadOnlyList<Ipv6Address> FindAddresses(AgentConfiguration configuration)
    {
        IReadOnlyList<Ipv6Address> addresses = configuration.Addresses ?? [.. configuration.Interfaces.SelectMany(GlobalAddresses).Distinct()];
        if (addresses.Count == 0)
            throw new AgentException(
                $"{string.Join(" and ", configuration.Interfaces)} has no global IPv6 address: give it one, or list \"addresses\"");
        foreach (Ipv6Address address in addresses)
            if (address.IsMulticast || address.Value <= 1)
                throw new AgentException($"\"addresses\": {address} cannot be the source of a packet on the wire; take it out");
        return addresses.Count <= Security.Announcement.MostAddresses
            ? addresses
            : throw new AgentException($"{addresses.Count} addresses are too many: list at most {Security.Announcement.MostAddresses} in \"addresses\"");
    }

    private static HostInterface FindInterface(string name)
    {
        HostInterface found = HostInterface.Find(name)
            ?? throw new AgentException($"There is no interface {name}: 'ip link' lists those of this host");
        return found.IsEthernet
            ? found
            : throw new AgentException($"{name} is not an Ethernet interface (link type {found.LinkType}), and only those are supported: choose another");
    }

    private static IEnumerable<Ipv6Address> GlobalAddresses(string name) => NetworkInterface.GetAllNetworkInterfaces()
        .Where(candidate => candidate.Name == name)
        .SelectMany(candidate => candidate.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address))
        .Select(address => Ipv6Address.Read(address.GetAddressBytes()));
}
