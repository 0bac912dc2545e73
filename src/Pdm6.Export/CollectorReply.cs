namespace Pdm6.Export;

/// <summary>The answer to a request.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">One line for people; empty when accepted.</param>
public readonly record struct CollectorReply(CollectorOutcome Outcome, string Reason)
{
    /// <summary>True if the collector took the request.</summary>
    public bool IsAccepted => Outcome == CollectorOutcome.Accepted;
}
