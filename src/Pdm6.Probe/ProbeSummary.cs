using Pdm6.Wire;

namespace Pdm6.Probe;

/// <summary>What a target's requests came to.</summary>
public sealed record ProbeSummary
{
    /// <summary>Who was asked.</summary>
    public required ProbeTarget Target { get; init; }
    /// <summary>The address of this host that was used; null if nothing ever came back.</summary>
    public required Ipv6Address? Source { get; init; }
    /// <summary>When the first request left, Unix time; 0 if none did.</summary>
    public required ulong StartedAtUnixNs { get; init; }
    /// <summary>From the first request to the last event, nanoseconds.</summary>
    public required long DurationNs { get; init; }
    /// <summary>UDP payload octets of a request.</summary>
    public required int Octets { get; init; }
    /// <summary>Requests that left.</summary>
    public required long Sent { get; init; }
    /// <summary>Requests that the kernel refused to send.</summary>
    public required long SendFailed { get; init; }
    /// <summary>Requests that were answered in time.</summary>
    public required long Received { get; init; }
    /// <summary>Requests that were answered, but after the loss timeout: lost.</summary>
    public required long Late { get; init; }
    /// <summary>Requests whose fate is still open.</summary>
    public required long Waiting { get; init; }
    /// <summary>Further replies to an answered request.</summary>
    public required long Duplicates { get; init; }
    /// <summary>Replies that came after one to a later request.</summary>
    public required long Reordered { get; init; }
    /// <summary>Datagrams from the target that are no genuine reply.</summary>
    public required long Refused { get; init; }
    /// <summary>ICMPv6 errors about requests.</summary>
    public required long IcmpErrors { get; init; }
    /// <summary>Replies that the reflector held back because it was asked too often; null if it does not say.</summary>
    public required long? Limited { get; init; }
    /// <summary>Replies without a sample: the reflector's times contradict each other.</summary>
    public required long WithoutSample { get; init; }
    /// <summary>Samples that rest on the program's own clock because a kernel time stamp was missing.</summary>
    public required long WithoutKernelStamp { get; init; }
    /// <summary>The way there.</summary>
    public required DirectionSummary There { get; init; }
    /// <summary>The way back.</summary>
    public required DirectionSummary Back { get; init; }
    /// <summary>Round trips on the network, the reflector's own time taken out.</summary>
    public required DelayDistribution RoundTrip { get; init; }
    /// <summary>The reflector's own times.</summary>
    public required DelayDistribution Reflector { get; init; }
    /// <summary>Differences of round trips that follow each other (RFC 3393).</summary>
    public required DelayDistribution Variation { get; init; }
    /// <summary>Differences of the one-way delays there; clock offsets cancel out.</summary>
    public required DelayDistribution VariationThere { get; init; }
    /// <summary>Differences of the one-way delays back.</summary>
    public required DelayDistribution VariationBack { get; init; }
    /// <summary>Smoothed jitter of the round trips, nanoseconds (RFC 3550 section 6.4.1).</summary>
    public required double JitterNs { get; init; }
    /// <summary>One-way delays there; empty unless both clocks' errors are known.</summary>
    public required DelayDistribution DelayThere { get; init; }
    /// <summary>One-way delays back, likewise.</summary>
    public required DelayDistribution DelayBack { get; init; }
    /// <summary>By how much any one-way delay may be off: the two clocks' errors added, the worst over the run; null
    /// if not known.</summary>
    public required long? ClockErrorNs { get; init; }
    /// <summary>Routers on the way there, of the latest reply, inferred; null if not known.</summary>
    public required int? HopsThere { get; init; }
    /// <summary>Routers on the way back, of the latest reply, inferred; null if not known.</summary>
    public required int? HopsBack { get; init; }

    /// <summary>Requests without a reply in time, of those whose time is up.</summary>
    public long Lost => Sent - Received - Waiting;
    /// <summary>The share of them, 0 to 1.</summary>
    public double LossShare => Sent - Waiting == 0 ? 0 : (double)Lost / (Sent - Waiting);
}
