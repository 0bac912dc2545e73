namespace Pdm6.Probe.Reports;

/// <summary>Writes what a prober finds out.</summary>
public interface IProbeReport : IProbeSink
{
    /// <summary>The prober is about to ask.</summary>
    void Start(ProberOptions options)
    {
    }

    /// <summary>The prober is done.</summary>
    /// <param name="summaries">What it came to, target by target.</param>
    /// <param name="socketDrops">Replies that this host dropped because the program did not keep up.</param>
    void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops);
}
