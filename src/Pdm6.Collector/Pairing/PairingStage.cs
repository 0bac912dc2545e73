using Pdm6.Collector.Metrics;
using Pdm6.Collector.Windows;
using Pdm6.Measurement;

namespace Pdm6.Collector.Pairing;

/// <summary>
/// Feeds the measurement engine and puts what it finds where it belongs: windows, loss by pair, conversations and the
/// buckets of <c>/metrics</c>. Single-threaded.
/// </summary>
internal sealed class PairingStage : IMeasurementSink
{
    private readonly FlowMeter _meter;
    private readonly WindowSet _windows;
    private readonly LossLedger _loss;
    private readonly ConversationBook _conversations;
    private readonly BucketBook _buckets;
    private ulong _nowUnixNs;

    public PairingStage(WindowSet windows, LossLedger loss, ConversationBook conversations, BucketBook buckets)
    {
        _windows = windows;
        _loss = loss;
        _conversations = conversations;
        _buckets = buckets;
        _meter = new FlowMeter(this);
    }

    /// <summary>Says what time it is, by the <see cref="PairingClock"/>.</summary>
    public void SetNow(ulong unixNs) => _nowUnixNs = unixNs;

    /// <summary>Closes what has fallen silent.</summary>
    public void Advance(ulong nowUnixNs) => _meter.Advance(nowUnixNs);

    /// <summary>Takes one opened packet.</summary>
    public void Take(in MeasuredPacket packet) => _meter.Add(packet, _nowUnixNs);

    /// <summary>Closes every conversation as if it had fallen silent.</summary>
    public void CloseAll() => _meter.Flush();

    void IMeasurementSink.OnPacket(in CountedPacket packet)
    {
        GroupNumbers numbers = _windows.At(packet.Tag, packet.ObservedAtNs);
        numbers[GroupCounter.Opened]++;
        switch (packet.Class)
        {
            case PacketClass.Reordered: numbers[GroupCounter.Reordered]++; break;
            case PacketClass.Duplicate: numbers[GroupCounter.Duplicated]++; break;
            case PacketClass.Ambiguous: numbers[GroupCounter.Ambiguous]++; break;
            case PacketClass.Late: numbers[GroupCounter.Late]++; break;
        }
        if (packet.IsDistinct)
        {
            numbers[GroupCounter.Packets]++;
            numbers.AddHops(packet.Hops, 1);
            _loss.CountDistinct(packet);
        }
        _loss.CountMissing(packet.Tag, packet.LostChange);
        _conversations.Of(packet.Flow).Add(packet);
    }

    void IMeasurementSink.OnRoundTrip(in RoundTripSample sample)
    {
        _windows.At(sample.Tag, sample.ObservedAtNs).AddRoundTrip(sample.RoundTripNs);
        _conversations.Of(sample.Flow).Add(sample);
        _buckets.AddRoundTrip(sample.Tag, sample.RoundTripNs);
    }

    void IMeasurementSink.OnTurnaround(in TurnaroundSample sample)
    {
        // What a client or an acknowledgement takes is not what people mean by server delay; it is kept apart by the
        // engine and shown nowhere yet.
        if (sample.Kind != TurnaroundKind.ServerDelay)
            return;
        _windows.At(sample.Tag, sample.ObservedAtNs).AddServerDelay(sample.TurnaroundNs);
        _conversations.Of(sample.Flow).AddServerDelay(sample);
        _buckets.AddServerDelay(sample.Tag, sample.TurnaroundNs);
    }

    void IMeasurementSink.OnVariation(in VariationSample sample) =>
        _windows.At(sample.Tag, sample.ObservedAtNs).AddVariation(sample.DifferenceNs);
}
