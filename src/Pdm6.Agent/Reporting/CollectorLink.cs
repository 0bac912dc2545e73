using Pdm6.Export;

namespace Pdm6.Agent.Reporting;

/// <summary>How the agent stands with its collector: tells a person when that changes, not at every request.
/// Thread-safe.</summary>
/// <param name="log">Takes lines for people.</param>
internal sealed class CollectorLink(Action<string> log)
{
    private readonly Lock _lock = new();
    private CollectorOutcome _outcome = CollectorOutcome.Accepted;

    /// <summary>Why the last request failed; empty if it did not.</summary>
    internal string Trouble { get; private set; } = "";

    /// <summary>Passes a reply on, and tells if things changed.</summary>
    internal CollectorReply Note(CollectorReply reply)
    {
        lock (_lock)
        {
            Trouble = reply.Reason;
            // An agent that is unknown introduces itself and tries again: no trouble that people need to see.
            if (reply.Outcome == _outcome || reply.Outcome == CollectorOutcome.UnknownAgent)
                return reply;
            _outcome = reply.Outcome;
        }
        log(reply.IsAccepted ? "The collector answers again." : $"The collector does not take data: {reply.Reason}. Trying again.");
        return reply;
    }
}
