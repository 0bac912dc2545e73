namespace Pdm6.Probe.Reports;

/// <summary>
/// A report that is written at the end and holds every request. Of a run without end it keeps the first million
/// requests of each target.
/// </summary>
internal abstract class RecordingReport : IProbeReport
{
    private const int MostRequests = 1_000_000;
    private readonly Dictionary<ProbeTarget, SortedList<uint, RecordedRequest>> _requests = [];
    private ProberOptions? _options;

    /// <summary>How it was asked.</summary>
    protected ProberOptions Options => _options ?? throw new InvalidOperationException("The report was not started.");

    public void Start(ProberOptions options)
    {
        _options = options;
        foreach (ProbeTarget target in options.Targets)
            _requests.Add(target, []);
    }

    public void OnReply(ProbeTarget target, in ProbeReply reply) =>
        Record(target, new RecordedRequest(reply.Index, reply.SentAtUnixNs, reply, 0));

    public void OnLost(ProbeTarget target, uint index, ulong sentAtUnixNs) =>
        Record(target, new RecordedRequest(index, sentAtUnixNs, null, 0));

    public void OnDuplicate(ProbeTarget target, uint index)
    {
        if (_requests[target].TryGetValue(index, out RecordedRequest? request))
            _requests[target][index] = request with { Copies = request.Copies + 1 };
    }

    public abstract void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops);

    /// <summary>The requests to a target, by number.</summary>
    protected IList<RecordedRequest> RequestsTo(ProbeTarget target) => _requests[target].Values;

    private void Record(ProbeTarget target, RecordedRequest request)
    {
        if (_requests[target].Count < MostRequests)
            _requests[target].Add(request.Index, request);
    }
}
