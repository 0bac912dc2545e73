using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>What a capture says of one direction of a flow.</summary>
public sealed record FlowReport
{
    /// <summary>The flow.</summary>
    public required FlowKey Flow { get; init; }
    /// <summary>What became of its packets.</summary>
    public required PacketTally Tally { get; init; }
    /// <summary>Loss, duplicates and order among the packets that count.</summary>
    public DirectionCounts Counts { get; init; }
    /// <summary>Routers passed by most packets, inferred from the hop limit; null without packets that count.</summary>
    public int? Hops { get; init; }
    /// <summary>Round trips seen by the flow's source.</summary>
    public required LatencyHistogram RoundTrip { get; init; }
    /// <summary>Turnarounds of the flow's source, payload to payload: how long it takes to answer, or with
    /// <see cref="IsClient"/> to ask again.</summary>
    public required LatencyHistogram ServerDelay { get; init; }
    /// <summary>The flow's source asks and the other side answers.</summary>
    public bool IsClient { get; init; }
    /// <summary>Absolute differences between a round trip and the one before it.</summary>
    public required LatencyHistogram Variation { get; init; }
}
