using System.Text.Json;
using Pdm6.Datapath;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>Configurations that an operator may choose, one after the other, drawn at random.</summary>
internal static class AgentSettings
{
    /// <summary>The rule of datagrams that are always fragmented, or as large as no option fits.</summary>
    internal const string NeverSealed = "udp-large";

    private const string Here = "2001:db8::/32", Elsewhere = "2001:db8:ffff::/48";

    private sealed record Rule(string Name, string? Protocol = null, string? Ports = null, string Destination = Here, int SampleOneIn = 1);

    private static readonly Rule s_all = new("all"), s_some = new("some", SampleOneIn: 3), s_nothing = new("elsewhere", Destination: Elsewhere);
    private static readonly Rule s_tcp = new("tcp", "tcp"), s_web = new("web", "tcp", "8080-8082");
    private static readonly Rule s_udp = new("udp", "udp"), s_dns = new("dns", "udp", "53-53"), s_ping = new("ping", "icmpv6");
    private static readonly Rule s_large = new(NeverSealed, "udp", $"{MixedTraffic.FragmentPort}-{MixedTraffic.FragmentPort}");

    private static readonly Rule[] s_everything = [s_large, s_dns, s_web, s_tcp, s_udp, s_ping];

    private static readonly Rule[][] s_policies =
    [
        s_everything,
        [s_all],
        [s_tcp, s_ping],
        [s_udp, s_dns],
        [s_some],
        [s_nothing],
        [s_nothing, s_web, s_dns, s_some],
    ];

    // All but the one that replaces what applications send.
    private static readonly PacketCarriage[] s_carriages = [.. PacketCarriageNames.Made.Where(carriage => carriage != PacketCarriage.UdpFrame)];

    /// <summary>Measures all traffic, each kind by a rule of its own.</summary>
    /// <param name="place">The settings that say where the agent is.</param>
    internal static byte[] Everything(IReadOnlyDictionary<string, object> place) =>
        Write(new Dictionary<string, object>(place) { ["rules"] = s_everything.Select(rule => Describe(rule, PacketCarriage.DestoptV2)) });

    /// <summary>Draws one.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="promise">The largest packet that the operator knows every path to carry, octets.</param>
    /// <param name="place">The settings that say where the agent is.</param>
    internal static byte[] Draw(Random random, int promise, IReadOnlyDictionary<string, object> place) =>
        Write(new Dictionary<string, object>(place)
        {
            ["rules"] = OneOf(random, s_policies).Select(rule =>
                Describe(rule, random.Next(2) == 0 ? PacketCarriage.DestoptV2 : OneOf(random, s_carriages))).ToArray(),
            ["strip"] = random.Next(2) == 0,
            ["acceptClearOptions"] = random.Next(2) == 0,
            ["pathMtu"] = random.Next(2) == 0 ? 1280 : promise,
            ["epochSeconds"] = OneOf(random, 1, 2, 60),
            ["contextSeconds"] = OneOf(random, 3, 86_400),
            ["flowTableSize"] = OneOf(random, 8, 1024, 65_536),
            ["unregisteredDestinations"] = random.Next(2) == 0,
            ["optionType"] = random.Next(8) == 0 ? "0x3e" : "0x1e",
        });

    private static byte[] Write(Dictionary<string, object> settings)
    {
        settings["interfaces"] = (string[])[Laboratory.MeasuredInterface];
        return JsonSerializer.SerializeToUtf8Bytes(settings);
    }

    private static Dictionary<string, object> Describe(Rule rule, PacketCarriage carriage)
    {
        Dictionary<string, object> settings = new()
        {
            ["name"] = rule.Name,
            ["destinations"] = (string[])[rule.Destination],
            ["sampleOneIn"] = rule.SampleOneIn,
            ["carriage"] = carriage.ToName(),
        };
        if (rule.Protocol is { } protocol)
            settings["protocols"] = (string[])[protocol];
        if (rule.Ports is { } ports)
            settings["ports"] = (string[])[ports];
        return settings;
    }

    private static T OneOf<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
