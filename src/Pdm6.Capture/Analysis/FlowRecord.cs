using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>One direction of a flow, while a capture is read.</summary>
internal sealed class FlowRecord(in FlowKey flow, int tag, long firstPacket)
{
    private readonly FlowKey _flow = flow;

    public ref readonly FlowKey Flow => ref _flow;
    /// <summary>Number of the flow and its reverse together, from 1.</summary>
    public int Tag { get; } = tag;
    /// <summary>The how manieth packet of the capture was its first.</summary>
    public long FirstPacket { get; } = firstPacket;
    /// <summary>A context of the flow's source opened an option.</summary>
    public bool HasContext { get; set; }

    public long Opened;
    public long AuthenticationFailed;
    public long NoKey;
    public long Malformed;
    public long Clear;

    /// <summary>By packets whose tag is right.</summary>
    public FlowMeasures? Authentic;
    /// <summary>By packets in clear.</summary>
    public FlowMeasures? Unprotected;

    /// <summary>The highest 16-bit number of PDMv1, continued to 32 bits; 0 before the first.</summary>
    public NumberContinuation Numbers;
    /// <summary>Of contexts without timetable.</summary>
    public EpochContinuation Epochs;
    /// <summary>The last round trip that a frame of this flow told, nanoseconds.</summary>
    public ulong LastToldRoundTripNs;

    /// <param name="countsClear">Packets in clear measure, too.</param>
    public FlowReport ToReport(bool countsClear)
    {
        FlowMeasures? unprotected = countsClear ? Unprotected : null;
        DirectionCounts counts = Authentic?.Counts ?? default;
        if (unprotected is not null)
            counts.Add(unprotected.Counts);
        return new FlowReport
        {
            Flow = Flow,
            Tally = new PacketTally(Clear, Opened, AuthenticationFailed, NoKey, Malformed),
            Counts = counts,
            Hops = Authentic?.Hops ?? unprotected?.Hops,
            RoundTrip = Together(Authentic?.RoundTrip, unprotected?.RoundTrip),
            IsClient = (Authentic ?? unprotected)?.IsClient ?? false,
            ServerDelay = Together(Authentic?.ServerDelay, unprotected?.ServerDelay),
            Variation = Together(Authentic?.Variation, unprotected?.Variation),
        };
    }

    private static LatencyHistogram Together(LatencyHistogram? one, LatencyHistogram? other)
    {
        if (one is null || other is null)
            return one ?? other ?? new LatencyHistogram();
        one.Add(other);
        return one;
    }
}
