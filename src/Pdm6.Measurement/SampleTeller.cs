using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>Puts together what a sink of whole samples takes.</summary>
internal sealed class SampleTeller(IMeasurementSink sink) : IFlowSink
{
    public void OnPacket(in MeasuredPacket packet, int tag, PacketClass found, bool beganSeries, int lostChange) =>
        sink.OnPacket(new CountedPacket(packet.Flow, tag, packet.Context, packet.EpochIndex, packet.Psntp, packet.ObservedAtNs,
            found, beganSeries, lostChange, packet.HopLimit));

    public void OnRoundTrip(
        in FlowKey flow, int tag, uint psntp, long roundTripNs, long errorBoundNs, ulong observedAtNs, bool isClosing) =>
        sink.OnRoundTrip(new RoundTripSample(flow, tag, psntp, roundTripNs, errorBoundNs, observedAtNs, isClosing));

    public void OnTurnaround(
        in FlowKey flow, int tag, TurnaroundKind kind, uint psntp, long turnaroundNs, long errorBoundNs, ulong observedAtNs) =>
        sink.OnTurnaround(new TurnaroundSample(flow, tag, kind, psntp, turnaroundNs, errorBoundNs, observedAtNs));

    public void OnVariation(
        in FlowKey flow, int tag, uint psntp, long differenceNs, double smoothedJitterNs, ulong observedAtNs) =>
        sink.OnVariation(new VariationSample(flow, tag, psntp, differenceNs, smoothedJitterNs, observedAtNs));
}
