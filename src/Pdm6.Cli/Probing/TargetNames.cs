using System.Net;
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

    /// <summary>Finds the IPv6 address of each host.</summary>
    internal static async Task<IReadOnlyList<ProbeTarget>> ResolveAsync(
        IReadOnlyList<(string Name, string Host)> hosts, ushort port, CancellationToken stop)
    {
        if (hosts.Count == 0)
            throw new WrongUseException("Say who is to be asked: name a host, or give --targets-file FILE.");
        return [.. await Task.WhenAll(hosts.Select(host => ResolveAsync(host.Name, host.Host, port, stop))).ConfigureAwait(false)];
    }

    private static async Task<ProbeTarget> ResolveAsync(string name, string host, ushort port, CancellationToken stop)
    {
        IPAddress address = IPAddress.TryParse(host, out IPAddress? written) ? written : await LookUpAsync(host, stop).ConfigureAwait(false);
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            throw new WrongUseException($"{host} is an IPv4 address, and only IPv6 is measured: name the host's IPv6 address.");
        if (address.IsIPv6LinkLocal && address.ScopeId == 0)
            throw new WrongUseException($"{host} is a link-local address: add its interface, as in {host}%eth0.");
        return new ProbeTarget(name, Ipv6Address.Read(address.GetAddressBytes()), port, (uint)address.ScopeId);
    }

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
            throw new WrongUseException($"{host} is not known: {e.Message}.");
        }
    }
}
