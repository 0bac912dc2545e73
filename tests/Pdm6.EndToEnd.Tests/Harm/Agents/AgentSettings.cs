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
    internal static Dictionary<string, object> Everything(IReadOnlyDictionary<string, object> place) =>
        new(place) { ["rules"] = s_everything.Select(rule => Describe(rule, PacketCarriage.DestoptV2)).ToArray() };

    /// <summary>Draws one.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="promise">The largest packet that the operator knows every path to carry, octets.</param>
    /// <param name="place">The settings that say where the agent is.</param>
    internal static Dictionary<string, object> Draw(Random random, int promise, IReadOnlyDictionary<string, object> place)
    {
        Dictionary<string, object> settings = new(place)
        {
            ["strip"] = random.Next(2) == 0,
            ["acceptClearOptions"] = random.Next(2) == 0,
            ["pathMtu"] = random.Next(2) == 0 ? 1280 : promise,
            ["epochSeconds"] = OneOf(random, 1, 2, 60),
            ["contextSeconds"] = OneOf(random, 3, 86_400),
            ["flowTableSize"] = OneOf(random, 8, 1024, 65_536),
            ["unregisteredDestinations"] = random.Next(2) == 0,
            ["optionType"] = random.Next(8) == 0 ? "0x3e" : "0x1e",
        };
        ChangePolicy(settings, random);
        return settings;
    }

    /// <summary>Draws other rules and caps: what an agent takes while it runs.</summary>
    internal static void ChangePolicy(Dictionary<string, object> settings, Random random)
    {
        settings["rules"] = OneOf(random, s_policies).Select(rule => Vary(
            Describe(rule, random.Next(2) == 0 ? PacketCarriage.DestoptV2 : OneOf(random, s_carriages)), random)).ToArray();
        SetOrLeaveOut(settings, "packetsPerSecond", random.Next(4) == 0 ? 1_000 : null);
    }

    /// <summary>One policy after the other that gives everything one carriage; between them, one that measures nothing.</summary>
    /// <param name="settings">The other settings, which stay.</param>
    internal static IEnumerable<Dictionary<string, object>> EachCarriage(Dictionary<string, object> settings)
    {
        foreach (PacketCarriage carriage in s_carriages)
        {
            yield return new(settings) { ["rules"] = (object[])[Describe(s_all, carriage)] };
            yield return new(settings) { ["rules"] = (object[])[Describe(s_nothing, carriage)] };
        }
    }

    /// <summary>Rules that an agent refuses: two of them have one name.</summary>
    internal static Dictionary<string, object> Impossible(Dictionary<string, object> settings) =>
        new(settings) { ["rules"] = (object[])[Describe(s_all, PacketCarriage.DestoptV2), Describe(s_all, PacketCarriage.DestoptV1)] };

    /// <summary>The text of a configuration.</summary>
    internal static byte[] Write(Dictionary<string, object> settings) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object>(settings) { ["interfaces"] = (string[])[Laboratory.MeasuredInterface] });

    private static Dictionary<string, object> Describe(Rule rule, PacketCarriage carriage)
    {
        Dictionary<string, object> settings = new()
        {
            ["name"] = rule.Name,
            ["destinations"] = (string[])[rule.Destination],
            ["sampleOneIn"] = rule.SampleOneIn,
            ["carriage"] = carriage.ToName(),
        };
        SetOrLeaveOut(settings, "protocols", rule.Protocol is { } protocol ? (string[])[protocol] : null);
        SetOrLeaveOut(settings, "ports", rule.Ports is { } ports ? (string[])[ports] : null);
        return settings;
    }

    /// <summary>What a rule may say besides, now and then.</summary>
    private static Dictionary<string, object> Vary(Dictionary<string, object> rule, Random random)
    {
        SetOrLeaveOut(rule, "sampleBy", random.Next(4) == 0 ? "packet" : null);
        SetOrLeaveOut(rule, "strip", random.Next(3) switch { 0 => true, 1 => false, _ => null });
        SetOrLeaveOut(rule, "flowPacketsPerSecond", random.Next(4) == 0 ? OneOf(random, 1, 100) : null);
        SetOrLeaveOut(rule, "packetsPerSecond", random.Next(4) == 0 ? OneOf(random, 10, 1_000) : null);
        return rule;
    }

    private static void SetOrLeaveOut(Dictionary<string, object> settings, string name, object? value)
    {
        settings.Remove(name);
        if (value is not null)
            settings[name] = value;
    }

    private static T OneOf<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
