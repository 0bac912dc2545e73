namespace Pdm6.Probe;

/// <summary>Is told of everything that happens to a target's requests, as it happens, on the prober's thread. What it does not care about it leaves out.</summary>
public interface IProbeSink
{
    /// <summary>A request was answered in time, for the first time.</summary>
    void OnReply(ProbeTarget target, in ProbeReply reply)
    {
    }

    /// <summary>A request is lost: its time is up.</summary>
    void OnLost(ProbeTarget target, uint index, ulong sentAtUnixNs)
    {
    }

    /// <summary>A further reply to a request that had been answered.</summary>
    void OnDuplicate(ProbeTarget target, uint index)
    {
    }

    /// <summary>A request was not sent, or somebody reported that it did not arrive.</summary>
    void OnProblem(ProbeTarget target, string problem)
    {
    }

    /// <summary>How far it is, as often as <see cref="ProberOptions.ProgressEvery"/> asks for.</summary>
    void OnProgress(IReadOnlyList<ProbeSummary> soFar)
    {
    }
}
