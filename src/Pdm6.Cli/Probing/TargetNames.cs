using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Pdm6.Probe;
using Pdm6.Wire;

namespace Pdm6.Cli.Probing;

/// <summary>Turns what users write into targets.</summary>
internal static class TargetNames
{
    /// <summary>The names in a file, one a line; what follows # is a remark. Null names no file.</summary>
    internal static IEnumerable<string> ReadFile(string? path)
    {
        if (path is null)
            return [];
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongUseException($"The targets file cannot be read: {e.Message}");
        }
    }

    /// <summary>A line that names a host: "host", or "name host".</summary>
    internal static (string Name, string Host) ParseLine(string line) =>
        line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) switch
        {
            [var host] => (host, host),
            [var name, var host] => (name, host),
            _ => throw new WrongUseException($"'{line}' is no target: write a host, or a name and a host."),
        };

    /// <summary>Finds the IPv6 address of each host. Link-local ones without a zone are on
    /// <paramref name="interface"/>.</summary>
    internal static async Task<IReadOnlyList<ProbeTarget>> ResolveAsync(
        IReadOnlyList<(string Name, string Host)> hosts, ushort port, string? @interface, CancellationToken stop)
    {
        if (hosts.Count == 0)
            throw new WrongUseException("Say who is to be asked: name a host, or give --targets-file FILE.");
        return [.. await Task.WhenAll(hosts.Select(host => ResolveAsync(host.Name, host.Host, port, @interface, stop))).ConfigureAwait(false)];
    }

    private static async Task<ProbeTarget> ResolveAsync(string name, string host, ushort port, string? @interface, CancellationToken stop)
    {
        if (host.Split('%') is [_, var zone] && !IsZone(zone))
            throw new WrongUseException($"There is no network interface '{zone}' here, as {host} says. 'ip link' lists them.");
        IPAddress address = IPAddress.TryParse(host, out IPAddress? written) ? written : await LookUpAsync(host, stop).ConfigureAwait(false);
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            throw new WrongUseException($"{host} is an IPv4 address, and only IPv6 is measured: name the host's IPv6 address.");
        if (address.IsIPv6LinkLocal && address.ScopeId == 0)
            address.ScopeId = @interface is null
                ? throw new WrongUseException($"{host} is a link-local address: add its interface, as in {host}%eth0, or give -I.")
                : IndexOf(@interface);
        return new ProbeTarget(name, Ipv6Address.Read(address.GetAddressBytes()), port, (uint)address.ScopeId);
    }

    private static bool IsZone(string zone) => uint.TryParse(zone, out _) || Interfaces().Any(candidate => candidate.Name == zone);

    private static long IndexOf(string @interface) =>
        Interfaces().FirstOrDefault(candidate => candidate.Name == @interface)?.GetIPProperties().GetIPv6Properties().Index
        ?? throw new WrongUseException($"There is no network interface '{@interface}' here. 'ip link' lists them.");

    private static NetworkInterface[] Interfaces() => NetworkInterface.GetAllNetworkInterfaces();

    private static async Task<IPAddress> LookUpAsync(string host, CancellationToken stop)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
            return found.FirstOrDefault(address => address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
                ?? throw new WrongUseException($"{host} has no IPv6 address, and only IPv6 is measured.");
        }
        catch (SocketException e)
        {
            throw new WrongUseException(e.SocketErrorCode == SocketError.TryAgain
                ? $"{host} cannot be looked up: no name server answers. Name its IPv6 address, or try again."
                : $"{host} is not known: {e.Message}.");
        }
    }
}
