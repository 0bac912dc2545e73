using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Live;

/// <summary>What is captured.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>The interfaces to listen on, at least one; "any" means all.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>Octets of a packet that are kept at most; 0 for all. Headers and options need about 200.</summary>
    public int SnapLength { get; init; }

    /// <summary>When to end by itself; null for never.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Keep every IPv6 packet, not only those that carry a measurement.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>How measurements are marked.</summary>
    public WireSettings Wire { get; init; } = new();
}
