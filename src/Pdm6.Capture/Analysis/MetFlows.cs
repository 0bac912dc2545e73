namespace Pdm6.Capture.Analysis;

/// <summary>
/// A few packets of a <see cref="PendingQueue"/>, and their flows. What is known of them lies scattered over memory, in steps: the
/// flow leads to its measures, these to histograms and to what the meter holds, these further, and to the last numbers. Each
/// step is read for all flows before the next: so the memory answers for all of them at the same time, not for one after the
/// other.
/// </summary>
internal sealed class MetFlows(FlowBook book, MeasuringStage authentic, MeasuringStage clear)
{
    public const int Capacity = 128;

    private readonly FlowRecord?[] _byPacket = new FlowRecord?[Capacity];
    private readonly FlowRecord[] _flows = new FlowRecord[Capacity];
    private PendingQueue? _queue;
    private int _place;
    private ulong _fetched;

    public int Count { get; private set; }

    /// <summary>The flow of a packet; null if there is no room for it.</summary>
    public FlowRecord? this[int packet] => _byPacket[packet];

    public ref readonly QueuedPacket PacketAt(int packet) => ref _queue!.At(_place + packet);

    /// <summary>Meets the flows of packets, in the order of the queue.</summary>
    /// <param name="queue">The queue, sorted.</param>
    /// <param name="place">Of the first packet.</param>
    /// <param name="packets">How many, <see cref="Capacity"/> at most.</param>
    public void Meet(PendingQueue queue, int place, int packets)
    {
        (_queue, _place, Count) = (queue, place, packets);
        int count = 0;
        for (int i = 0; i < packets; i++)
        {
            bool hasRoom = book.TryMeet(queue.At(place + i), queue.NumberAt(place + i), out FlowRecord? flow);
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
