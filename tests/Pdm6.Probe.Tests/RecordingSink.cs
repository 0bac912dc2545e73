namespace Pdm6.Probe.Tests;

/// <summary>Remembers everything that it is told.</summary>
internal sealed class RecordingSink : IProbeSink
{
    internal List<ProbeReply> Replies { get; } = [];
    internal List<uint> Lost { get; } = [];
    internal List<uint> Duplicates { get; } = [];
    internal List<string> Problems { get; } = [];

    public void OnReply(ProbeTarget target, in ProbeReply reply) => Replies.Add(reply);

    public void OnLost(ProbeTarget target, uint index, ulong sentAtUnixNs) => Lost.Add(index);

    public void OnDuplicate(ProbeTarget target, uint index) => Duplicates.Add(index);

    public void OnProblem(ProbeTarget target, string problem) => Problems.Add(problem);

    public void OnProgress(IReadOnlyList<ProbeSummary> soFar)
    {
    }
}
