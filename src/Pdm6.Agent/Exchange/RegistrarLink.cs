using Pdm6.Registration.Client;

namespace Pdm6.Agent.Exchange;

/// <summary>How the agent stands with its registrar: tells a person when that changes, not at every request.
/// Thread-safe.</summary>
/// <param name="log">Takes lines for people.</param>
internal sealed class RegistrarLink(Action<string> log)
{
    private readonly Lock _lock = new();

    /// <summary>Why the last request failed; empty if it did not.</summary>
    internal string Trouble { get; private set; } = "";

    /// <summary>Passes a reply on, and tells if things changed.</summary>
    internal RegistrarReply<T> Note<T>(RegistrarReply<T> reply) where T : class
    {
        lock (_lock)
        {
            if (reply.Message == Trouble)
                return reply;
            Trouble = reply.Message;
        }
        log(reply.IsAccepted
            ? "The registrar answers again."
            : $"The registrar does not take what it is told: {reply.Message}. Measuring goes on under the keys that are known; trying again.");
        return reply;
    }
}
