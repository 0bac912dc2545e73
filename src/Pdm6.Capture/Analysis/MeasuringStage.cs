using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Feeds the measurement engine with packets of one kind, authentic ones or clear ones, and books what it finds
/// to their flows. One capture sees both directions from one place: what hosts knew beyond their options is not
/// known.</summary>
internal sealed class MeasuringStage : IMeasurementSink
{
    /// <summary>How long a packet can be behind others that its sender sent later.</summary>
    private const ulong SettleNs = 1_000_000_000;
    private const int MostConversations = 1 << 18;

    private readonly FlowBook _flows;
    private readonly bool _isAuthentic;
    private readonly ISampleSink? _samples;
    private readonly FlowMeter _meter;
    private FlowRecord? _current;

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

    /// <summary>What the packet given last turned out to be among those of its flow.</summary>
    public CountedPacket Last { get; private set; }

    /// <summary>Takes one packet of a flow.</summary>
    public void Take(
        FlowRecord record, in Observation seen, UInt128 context, long epochIndex, uint psntp, in PdmMetrics metrics)
    {
        _current = record;
        _meter.Add(
            new MeasuredPacket(
                seen.Flow, context, epochIndex, psntp, metrics, seen.ObservedAtNs, Accepted: false, seen.PayloadLength,
                seen.TcpFlags, seen.TcpSequence, seen.UpperChecksum, seen.HopLimit, HasSent: false, LastSentPsntp: 0,
                SinceSentNs: 0, record.Tag),
            seen.ObservedAtNs);
    }

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

    void IMeasurementSink.OnPacket(in CountedPacket packet)
    {
        MeasuresOf(_current!).Add(packet);
        Timeline?.At(packet.ObservedAtNs).Count(packet.LostChange);
        Last = packet;
    }

    void IMeasurementSink.OnRoundTrip(in RoundTripSample sample) => AddRoundTrip(
        _flows.Of(sample.Tag, sample.Flow), sample.Psntp, sample.ObservedAtNs, sample.RoundTripNs, sample.ErrorBoundNs);

    void IMeasurementSink.OnTurnaround(in TurnaroundSample sample)
    {
        if (sample.Kind != TurnaroundKind.Other)
            AddServerDelay(_flows.Of(sample.Tag, sample.Flow), sample.Kind == TurnaroundKind.ClientDelay, sample.Psntp,
                sample.ObservedAtNs, sample.TurnaroundNs, sample.ErrorBoundNs);
    }

    void IMeasurementSink.OnVariation(in VariationSample sample)
    {
        FlowRecord record = _flows.Of(sample.Tag, sample.Flow);
        FlowMeasures.AddTo(ref MeasuresOf(record).Variation, sample.DifferenceNs);
        Tell(SampleKind.Variation, record, sample.Psntp, sample.ObservedAtNs, sample.DifferenceNs, errorBoundNs: 0);
    }

    private void Tell(SampleKind kind, FlowRecord record, uint psntp, ulong atUnixNs, long valueNs, long errorBoundNs) =>
        _samples?.Take(new FlowSample(kind, record.Flow, psntp, atUnixNs, valueNs, errorBoundNs, _isAuthentic));

    private FlowMeasures MeasuresOf(FlowRecord record) =>
        _isAuthentic ? record.Authentic ??= new FlowMeasures() : record.Unprotected ??= new FlowMeasures();
}
