using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Feeds the measurement engine with packets of one kind, authentic ones or clear ones, and books what it finds
/// to their flows. One capture sees both directions from one place: what hosts knew beyond their options is not
/// known.</summary>
internal sealed class MeasuringStage : IFlowSink
{
    /// <summary>How long a packet can be behind others that its sender sent later.</summary>
    private const ulong SettleNs = 1_000_000_000;
    private const int MostConversations = 1 << 18;

    private readonly FlowBook _flows;
    private readonly bool _isAuthentic;
    private readonly ISampleSink? _samples;
    private readonly FlowMeter _meter;
    private FlowMeasures? _current;

    public MeasuringStage(FlowBook flows, bool isAuthentic, AnalysisOptions options, ISampleSink? samples)
    {
        _flows = flows;
        _isAuthentic = isAuthentic;
        _samples = samples;
        Timeline = options.KeepTimeline ? new Timeline() : null;
        _meter = new FlowMeter(this, new MeasurementOptions
        {
            HasTimePerConversation = true,
            IdleCloseNs = SettleNs,
            ForgetAfterNs = SettleNs,
            MaxFlows = Math.Min(options.MaxFlows, MostConversations),
            MaxPackets = options.MaxPackets,
        });
    }

    public Timeline? Timeline { get; }

    /// <summary>The packet given last was the first of its number.</summary>
    public bool WasLastDistinct { get; private set; }

    /// <summary>Takes one packet of a flow.</summary>
    public void Take(
        FlowRecord record, in QueuedPacket seen, UInt128 context, long epochIndex, uint psntp, in PdmMetrics metrics)
    {
        FlowMeasures measures = MeasuresOf(record);
        _current = measures;
        UpperLayerFields upper = seen.Upper;
        MeasuredPacket packet = new(
            record.Flow, context, epochIndex, psntp, metrics, seen.AtUnixNs, Accepted: false, upper.PayloadLength,
            upper.TcpFlags, upper.TcpSequence, upper.Checksum, seen.HopLimit, HasSent: false, LastSentPsntp: 0,
            SinceSentNs: 0, record.Tag);
        _meter.Add(packet, seen.AtUnixNs, ref measures.Place);
    }

    /// <summary>See <see cref="FlowMeter.FetchNumbers"/>.</summary>
    public ulong FetchNumbers(FlowMeasures? measures) => measures is null ? 0 : _meter.FetchNumbers(measures.Place);

    /// <summary>The capture is over.</summary>
    public void Finish() => _meter.Flush();

    /// <summary>Books a round trip seen by the flow's source.</summary>
    public void AddRoundTrip(FlowRecord record, uint psntp, ulong atUnixNs, long valueNs, long errorBoundNs)
    {
        FlowMeasures.AddTo(ref MeasuresOf(record).RoundTrip, valueNs);
        Timeline?.At(atUnixNs).RoundTrip.Add(valueNs);
        Tell(SampleKind.RoundTrip, record, psntp, atUnixNs, valueNs, errorBoundNs);
    }

    /// <summary>Books a turnaround of the flow's source.</summary>
    public void AddServerDelay(FlowRecord record, bool isClient, uint psntp, ulong atUnixNs, long valueNs, long errorBoundNs)
    {
        FlowMeasures measures = MeasuresOf(record);
        FlowMeasures.AddTo(ref measures.ServerDelay, valueNs);
        measures.IsClient = isClient;
        if (!isClient)
            Timeline?.At(atUnixNs).ServerDelay.Add(valueNs);
        Tell(SampleKind.ServerDelay, record, psntp, atUnixNs, valueNs, errorBoundNs);
    }

    void IFlowSink.OnPacket(in MeasuredPacket packet, int tag, PacketClass found, bool beganSeries, int lostChange)
    {
        _current!.Add(packet.HopLimit, found, beganSeries, lostChange);
        Timeline?.At(packet.ObservedAtNs).Count(lostChange);
        WasLastDistinct = found is PacketClass.First or PacketClass.Reordered;
    }

    void IFlowSink.OnRoundTrip(
        in FlowKey flow, int tag, uint psntp, long roundTripNs, long errorBoundNs, ulong observedAtNs, bool isClosing) =>
        AddRoundTrip(_flows.Of(tag, flow), psntp, observedAtNs, roundTripNs, errorBoundNs);

    void IFlowSink.OnTurnaround(
        in FlowKey flow, int tag, TurnaroundKind kind, uint psntp, long turnaroundNs, long errorBoundNs, ulong observedAtNs)
    {
        if (kind != TurnaroundKind.Other)
            AddServerDelay(
                _flows.Of(tag, flow), kind == TurnaroundKind.ClientDelay, psntp, observedAtNs, turnaroundNs, errorBoundNs);
    }

    void IFlowSink.OnVariation(
        in FlowKey flow, int tag, uint psntp, long differenceNs, double smoothedJitterNs, ulong observedAtNs)
    {
        FlowRecord record = _flows.Of(tag, flow);
        FlowMeasures.AddTo(ref MeasuresOf(record).Variation, differenceNs);
        Tell(SampleKind.Variation, record, psntp, observedAtNs, differenceNs, errorBoundNs: 0);
    }

    private void Tell(SampleKind kind, FlowRecord record, uint psntp, ulong atUnixNs, long valueNs, long errorBoundNs) =>
        _samples?.Take(new FlowSample(kind, record.Flow, psntp, atUnixNs, valueNs, errorBoundNs, _isAuthentic));

    private FlowMeasures MeasuresOf(FlowRecord record) =>
        _isAuthentic ? record.Authentic ??= new FlowMeasures() : record.Unprotected ??= new FlowMeasures();
}
