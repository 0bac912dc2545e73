using Pdm6.Measurement;

namespace Pdm6.Capture.Analysis;

/// <summary>The sums over all flows of a capture, and what belongs to none.</summary>
public sealed record FlowTotals
{
    /// <summary>Frames in the capture.</summary>
    public long Frames { get; init; }
    /// <summary>IPv6 packets among them, those inside tunnels not counted again.</summary>
    public long Ipv6Packets { get; init; }
    /// <summary>Packets whose headers run past what was captured, or hide the flow.</summary>
    public long Unreadable { get; init; }
    /// <summary>Fragments: never looked into.</summary>
    public long Fragments { get; init; }
    /// <summary>Packets of flows beyond <see cref="AnalysisOptions.MaxFlows"/>; in no other number.</summary>
    public long LeftOut { get; init; }
    /// <summary>What became of the packets that carry a measurement.</summary>
    public required PacketTally Tally { get; init; }
    /// <summary>Loss, duplicates and order.</summary>
    public DirectionCounts Counts { get; init; }
    /// <summary>All round trips.</summary>
    public required LatencyHistogram RoundTrip { get; init; }
    /// <summary>The turnarounds of those who answer, payload to payload.</summary>
    public required LatencyHistogram ServerDelay { get; init; }
    /// <summary>All variations.</summary>
    public required LatencyHistogram Variation { get; init; }

    internal static FlowTotals Of(IReadOnlyList<FlowReport> flows)
    {
        LatencyHistogram roundTrip = new(), serverDelay = new(), variation = new();
        PacketTally tally = default;
        DirectionCounts counts = default;
        foreach (FlowReport flow in flows)
        {
            tally = tally.With(flow.Tally);
            counts.Add(flow.Counts);
            roundTrip.Add(flow.RoundTrip);
            if (!flow.IsClient)
                serverDelay.Add(flow.ServerDelay);
            variation.Add(flow.Variation);
        }
        return new FlowTotals
        {
            Tally = tally,
            Counts = counts,
            RoundTrip = roundTrip,
            ServerDelay = serverDelay,
            Variation = variation,
        };
    }
}
