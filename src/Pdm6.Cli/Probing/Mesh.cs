using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Pdm6.Cli.Probing;

/// <summary>Hosts that ask each other. Each has the same list, "name address" a line, and asks all but itself.</summary>
/// <param name="Own">This host's name in the list.</param>
/// <param name="Others">The others: name and address.</param>
internal sealed record Mesh(string Own, IReadOnlyList<(string Name, string Host)> Others)
{
    /// <summary>Reads the list and finds this host in it by its addresses.</summary>
    internal static Mesh Read(string path)
    {
        (string Name, string Host)[] hosts = [.. TargetNames.ReadFile(path).Select(Parse)];
        if (hosts.GroupBy(host => host.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new WrongUseException($"The mesh '{path}' has two hosts '{twice.Key}': results would not tell them apart.");
        HashSet<string> own = [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(candidate => candidate.GetIPProperties().UnicastAddresses)
            .Where(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetworkV6)
            .Select(unicast => unicast.Address.ToString())];
        (string Name, string Host)[] here = [.. hosts.Where(host => own.Contains(host.Host))];
        return here.Length == 1
            ? new Mesh(here[0].Name, [.. hosts.Where(host => host != here[0])])
            : throw new WrongUseException(
                $"{here.Length} hosts of the mesh '{path}' have an address of this host, and it must be one: check its lines.");
    }

    private static (string Name, string Host) Parse(string line)
    {
        string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || !System.Net.IPAddress.TryParse(words[1], out System.Net.IPAddress? address))
            throw new WrongUseException($"'{line}' is no host of a mesh: write its name and its IPv6 address.");
        return (words[0], address.ToString());
    }
}
