namespace Pdm6.Capture.Analysis;

/// <summary>How a capture is analyzed.</summary>
public sealed record AnalysisOptions
{
    /// <summary>How measurements are marked.</summary>
    public WireSettings Wire { get; init; } = new();

    /// <summary>Which packets are looked at.</summary>
    public FlowFilter Filter { get; init; } = FlowFilter.Everything;

    /// <summary>Flows that get numbers of their own, about 1 kB each and about as much for each power of two that their
    /// times span. Packets of further flows count in the totals only. Default a million.</summary>
    public int MaxFlows { get; init; } = 1_000_000;

    /// <summary>Packets remembered, to know copies and to find what answers what; about 100 octets each. Must hold what is
    /// captured in a second; half as many wait to be measured together. Default a million.</summary>
    public int MaxPackets { get; init; } = 1 << 20;

    /// <summary>Open and measure on a second thread while the first reads and looks. The report is the same. Not with
    /// samples one by one. Default: if there is a second processor.</summary>
    public bool UsesTwoThreads { get; init; } = Environment.ProcessorCount > 1;

    /// <summary>Keep what plots over time need.</summary>
    public bool KeepTimeline { get; init; }
}
