namespace Pdm6.Collector.Ingest;

/// <summary>What the ingest listener turned away since the collector started. Safe for use by several threads.</summary>
internal sealed class IngestCounters
{
    private long _refused;
    private long _busy;
    private long _unknownAgent;

    /// <summary>Requests that were not well-formed.</summary>
    public long Refused => Interlocked.Read(ref _refused);
    /// <summary>Requests that were put off because the pipeline was full.</summary>
    public long Busy => Interlocked.Read(ref _busy);
    /// <summary>Requests of an incarnation that has not put its description.</summary>
    public long UnknownAgent => Interlocked.Read(ref _unknownAgent);

    public void CountRefused() => Interlocked.Increment(ref _refused);
    public void CountBusy() => Interlocked.Increment(ref _busy);
    public void CountUnknownAgent() => Interlocked.Increment(ref _unknownAgent);
}
