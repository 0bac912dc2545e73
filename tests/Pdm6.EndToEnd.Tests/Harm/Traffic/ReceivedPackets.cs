using System.Globalization;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>
/// How many packets the IP layers of a host have taken in, IPv6 and IPv4: the super-packets of TCP and UDP (GSO) by their
/// segments, every fragment for itself.
/// </summary>
internal static class ReceivedPackets
{
    // By congestion mark: of all counters of the kernel only these count segments.
    private static readonly string[] s_marks = ["NoECTPkts", "ECT0Pkts", "ECT1Pkts", "CEPkts"];

    internal static long Of(NetworkNamespace host) => host.Within(() =>
        Sum(File.ReadLines("/proc/thread-self/net/snmp6").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), "Ip6In")
        + Sum(Columns(File.ReadAllLines("/proc/thread-self/net/netstat"), "IpExt:"), "In"));

    private static long Sum(IEnumerable<string[]> counters, string prefix)
    {
        string[] names = [.. s_marks.Select(mark => prefix + mark)];
        return counters.Where(counter => names.Contains(counter[0])).Sum(counter => long.Parse(counter[1], CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string[]> Columns(string[] lines, string table)
    {
        string[][] rows = [.. lines.Where(line => line.StartsWith(table, StringComparison.Ordinal)).Select(line => line.Split(' '))];
        return rows[0].Zip(rows[1], (name, value) => (string[])[name, value]);
    }
}
