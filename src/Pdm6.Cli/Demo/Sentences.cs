namespace Pdm6.Cli.Demo;

/// <summary>Says in a plain sentence where the time of a service goes.</summary>
internal static class Sentences
{
    // A part that takes twice as long as the other is what takes the time; nearer than that, both do.
    private const double Dominance = 2;

    internal static string For(GroupReading group)
    {
        if (group.RoundTripNs.P50 is not { } network)
            return $"{group.Name}: no round trip was measured.";
        if (group.ServerDelayNs.P50 is not { } server)
            return $"{group.Name}: {DurationText.Of(network)} network; no server delay was measured.";
        return $"{group.Name}: {DurationText.Of(network + server)} a request: {DurationText.Of(network)} network, "
            + $"{DurationText.Of(server)} server. {Conclusion(network, server)}";
    }

    private static string Conclusion(long network, long server)
    {
        if (network >= Dominance * server)
            return "The network is what takes the time.";
        return server >= Dominance * network
            ? "The server is what takes the time."
            : "Network and server take about as long as each other.";
    }
}
