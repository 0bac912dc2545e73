namespace Pdm6.Capture.Analysis;

/// <summary>What a capture says.</summary>
public sealed record AnalysisReport
{
    /// <summary>Each direction of each flow, in the order in which they came.</summary>
    public required IReadOnlyList<FlowReport> Flows { get; init; }
    /// <summary>The same over all flows.</summary>
    public required FlowTotals Totals { get; init; }
    /// <summary>Numbers over time; null if they were not asked for.</summary>
    public Timeline? Timeline { get; init; }
    /// <summary>What was wrong with the capture, in one line; null if it was read to its end.</summary>
    public string? Problem { get; init; }
}
