using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>Configurations that an operator may choose, one after the other, drawn at random.</summary>
internal static class AgentSettings
{
    /// <summary>The rule of datagrams that are always fragmented, or as large as no option fits.</summary>
    internal const string NeverSealed = "udp-large";

    private static readonly string[] s_laboratory = ["2001:db8::/32"], s_elsewhere = ["2001:db8:ffff::/48"];

    // What the rule of a kind of traffic is called, as it is in all policies.
    private static readonly object s_fragmented = new { name = NeverSealed, destinations = s_laboratory, protocols = (string[])["udp"], ports = (int[])[MixedTraffic.FragmentPort] };
    private static readonly object s_dns = new { name = "dns", protocols = (string[])["udp"], ports = (int[])[53] };
    private static readonly object s_web = new { name = "web", protocols = (string[])["tcp"], ports = (string[])["8080-8082"] };
    private static readonly object s_tcp = new { name = "tcp", destinations = s_laboratory, protocols = (string[])["tcp"] };
    private static readonly object s_udp = new { name = "udp", destinations = s_laboratory, protocols = (string[])["udp"] };
    private static readonly object s_ping = new { name = "ping", protocols = (string[])["icmpv6"] };
    private static readonly object s_some = new { name = "some", sampleOneIn = 3 };
    private static readonly object s_all = new { name = "all" };
    private static readonly object s_nothing = new { name = "elsewhere", destinations = s_elsewhere };

    private static readonly object[][] s_policies =
    [
        [s_fragmented, s_dns, s_web, s_tcp, s_udp, s_ping],
        [s_all],
        [s_tcp, s_ping],
        [s_udp, s_dns],
        [s_some],
        [s_nothing],
        [s_nothing, s_web, s_dns, s_some],
    ];

    /// <summary>Measures all traffic, each kind by a rule of its own.</summary>
    /// <param name="place">The settings that say where the agent is.</param>
    internal static byte[] Everything(IReadOnlyDictionary<string, object> place) =>
        Write(new Dictionary<string, object>(place) { ["rules"] = s_policies[0] });

    /// <summary>Draws one.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="promise">The largest packet that the operator knows every path to carry, octets.</param>
    /// <param name="place">The settings that say where the agent is; the configuration has them too.</param>
    internal static byte[] Draw(Random random, int promise, IReadOnlyDictionary<string, object> place) =>
        Write(new Dictionary<string, object>(place)
        {
            ["rules"] = OneOf(random, s_policies),
            ["strip"] = random.Next(2) == 0,
            ["pathMtu"] = random.Next(2) == 0 ? 1280 : promise,
            ["epochSeconds"] = OneOf(random, 1, 2, 60),
            ["contextSeconds"] = OneOf(random, 3, 86_400),
            ["flowTableSize"] = OneOf(random, 8, 1024, 65_536),
            ["unregisteredDestinations"] = random.Next(4) == 0,
            ["optionType"] = random.Next(8) == 0 ? "0x3e" : "0x1e",
        });

    private static byte[] Write(Dictionary<string, object> settings)
    {
        settings["interfaces"] = (string[])[Laboratory.MeasuredInterface];
        return JsonSerializer.SerializeToUtf8Bytes(settings);
    }

    private static T OneOf<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
