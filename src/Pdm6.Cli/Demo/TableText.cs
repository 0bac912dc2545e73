namespace Pdm6.Cli.Demo;

/// <summary>The cells of the table by flow group, the same on a terminal and in a file.</summary>
internal static class TableText
{
    internal static IReadOnlyList<string> Headings { get; } =
        ["service", "packets", "network round trip", "server delay", "loss", "variation", "hops"];

    internal static IReadOnlyList<string> Row(GroupReading group) =>
    [
        group.Name,
        $"{group.Packets}",
        DurationText.Of(group.RoundTripNs.P50),
        DurationText.Of(group.ServerDelayNs.P50),
        LossOf(group),
        DurationText.Of(group.VariationNs.P50),
        group.Hops?.ToString() ?? "-",
    ];

    private static string LossOf(GroupReading group)
    {
        long sent = group.Packets + group.Lost;
        return sent == 0 ? "-" : $"{group.Lost} ({100.0 * group.Lost / sent:0.0} %)";
    }
}
