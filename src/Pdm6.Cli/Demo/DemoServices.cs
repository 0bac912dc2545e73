using Pdm6.Lab;

namespace Pdm6.Cli.Demo;

/// <summary>The services of the demo: the agents' rules that tell them apart, and the traffic that asks them.</summary>
internal static class DemoServices
{
    private const long DownloadOctets = 2_000_000;

    private static readonly string[] s_measured = ["2001:db8::/32"];
    private static readonly string[] s_names = ["dns", "http", "slow", "download", "ping"];

    /// <summary>The rules of both agents, in the order of the table. A port is matched on either side.</summary>
    internal static IReadOnlyList<object> Rules { get; } =
    [
        Rule(s_names[0], "udp", 53),
        Rule(s_names[1], "tcp", ThinkingServer.SmallPort),
        Rule(s_names[2], "tcp", ThinkingServer.SlowPort),
        Rule(s_names[3], "tcp", ThinkingServer.DownloadPort),
        new { name = s_names[4], destinations = s_measured, protocols = (string[])["icmpv6"] },
    ];

    /// <summary>True for the groups of the rules.</summary>
    internal static bool IsNamed(string group) => s_names.Contains(group);

    /// <summary>Where a group stands in the table; what no rule names comes last.</summary>
    internal static int PlaceOf(string group) => IsNamed(group) ? Array.IndexOf(s_names, group) : s_names.Length;

    /// <summary>All that asks, at a pace that two small processors keep up with.</summary>
    internal static IReadOnlyList<ITraffic> Traffic(Laboratory laboratory, string workDirectory) =>
    [
        new DnsLookups(laboratory, laboratory.Client, LaboratoryAddresses.Server, perSecond: 10),
        new DnsLoad(laboratory, laboratory.Client, LaboratoryAddresses.Server, perSecond: 30, workDirectory),
        new HttpRequests(
            "http", laboratory.Client, LaboratoryAddresses.Server, ThinkingServer.SmallPort, "/small", ThinkingServer.SmallBody, perSecond: 8),
        new HttpRequests(
            "slow", laboratory.Client, LaboratoryAddresses.Server, ThinkingServer.SlowPort, "/slow", ThinkingServer.SlowBody, perSecond: 6),
        new HttpDownloads(
            laboratory.Client, LaboratoryAddresses.Server, DownloadOctets, TimeSpan.FromMilliseconds(500), workDirectory),
        new Pings(laboratory.Client, LaboratoryAddresses.Server),
    ];

    /// <summary>
    /// The path: a delay each way, a little jitter with it, now and then a packet lost, doubled or late. DNS and TCP ask again, so
    /// applications must not notice.
    /// </summary>
    internal static Impairments Path(int seed, DemoOptions options) => new()
    {
        DelayMilliseconds = options.DelayMilliseconds,
        JitterMilliseconds = 0.04 * options.DelayMilliseconds,
        Loss = new Selection { Probability = 0.002 },
        Duplication = new Selection { Probability = 0.002 },
        Reordering = new Selection { Probability = 0.004 },
        HoldBackMilliseconds = 5,
        Tampering = new Selection { Probability = options.TamperPercent / 100 },
        Seed = seed,
    };

    private static object Rule(string name, string protocol, int port) => new
    {
        name,
        destinations = s_measured,
        protocols = (string[])[protocol],
        ports = (int[])[port],
    };
}
