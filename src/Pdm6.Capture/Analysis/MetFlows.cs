namespace Pdm6.Capture.Analysis;

/// <summary>
/// The flows of the packets of a <see cref="PendingRun"/>. What is known of them lies scattered over memory, in steps: the
/// flow leads to its measures, these to histograms and to what the meter holds, these further, and to the last numbers. Each
/// step is read for all flows before the next: so the memory answers for all of them at the same time, not for one after the
/// other.
/// </summary>
internal sealed class MetFlows(FlowBook book, MeasuringStage authentic, MeasuringStage clear)
{
    private readonly FlowRecord?[] _byPacket = new FlowRecord?[PendingRun.Capacity];
    private readonly FlowRecord[] _flows = new FlowRecord[PendingRun.Capacity];
    private ulong _fetched;

    /// <summary>The flow of a packet; null if there is no room for it.</summary>
    public FlowRecord? this[int packet] => _byPacket[packet];

    /// <summary>Meets the flows of all packets of a run, in their order.</summary>
    public void Meet(PendingRun run)
    {
        int count = 0;
        for (int i = 0; i < run.Count; i++)
        {
            bool hasRoom = book.TryMeet(run.Seen[i].FlowInPlace, run.Packets[i].Number, out FlowRecord? flow);
            _byPacket[i] = flow;
            // Packets of a conversation come in runs.
            if (hasRoom && (count == 0 || _flows[count - 1] != flow) && (count < 2 || _flows[count - 2] != flow))
                _flows[count++] = flow!;
        }
        Fetch(_flows.AsSpan(0, count));
    }

    private void Fetch(ReadOnlySpan<FlowRecord> flows)
    {
        ulong fetched = 0;
        foreach (FlowRecord flow in flows)
            fetched += (ulong)flow.Opened + flow.LastToldRoundTripNs;
        foreach (FlowRecord flow in flows)
            fetched += (flow.Authentic?.Fetch() ?? 0) + (flow.Unprotected?.Fetch() ?? 0);
        foreach (FlowRecord flow in flows)
            fetched += (flow.Authentic?.FetchHeld() ?? 0) + (flow.Unprotected?.FetchHeld() ?? 0);
        foreach (FlowRecord flow in flows)
            fetched += (flow.Authentic?.FetchFurther() ?? 0) + (flow.Unprotected?.FetchFurther() ?? 0);
        foreach (FlowRecord flow in flows)
            fetched += authentic.FetchNumbers(flow.Authentic) + clear.FetchNumbers(flow.Unprotected);
        // Kept, or the compiler would see that nobody wants it.
        _fetched = fetched;
    }
}
