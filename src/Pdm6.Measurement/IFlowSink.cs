using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>
/// Takes what a <see cref="FlowMeter"/> finds as <see cref="IMeasurementSink"/> does, but value by value: for who takes
/// millions a second and finds that putting samples together costs as much as what they say. Flows are those that the meter
/// holds, good during the call. An implementation must not call the meter.
/// </summary>
public interface IFlowSink
{
    /// <summary>Every packet given to the meter, once, copies included. What its class and the other arguments mean says
    /// <see cref="CountedPacket"/>.</summary>
    /// <param name="packet">As it was given.</param>
    /// <param name="tag">The conversation's tag.</param>
    /// <param name="found">First copy, further copy or something else.</param>
    /// <param name="beganSeries">The packet began a new series.</param>
    /// <param name="lostChange">By how much the packet changes the count of missing numbers.</param>
    void OnPacket(in MeasuredPacket packet, int tag, PacketClass found, bool beganSeries, int lostChange);

    /// <summary>A round trip; see <see cref="RoundTripSample"/>.</summary>
    /// <param name="flow">The flow whose source saw it.</param>
    /// <param name="tag">The conversation's tag.</param>
    /// <param name="psntp">The number whose journey out and back was timed.</param>
    /// <param name="roundTripNs">The sample, nanoseconds.</param>
    /// <param name="errorBoundNs">What rounding can have cost, nanoseconds.</param>
    /// <param name="observedAtNs">Unix time of the observation, nanoseconds.</param>
    /// <param name="isClosing">Taken from the last exchange of a flow that fell silent.</param>
    void OnRoundTrip(
        in FlowKey flow, int tag, uint psntp, long roundTripNs, long errorBoundNs, ulong observedAtNs, bool isClosing);

    /// <summary>A server's delay, a client's, or another turnaround; see <see cref="TurnaroundSample"/>.</summary>
    /// <param name="flow">The flow of the packet in return.</param>
    /// <param name="tag">The conversation's tag.</param>
    /// <param name="kind">Whose time it was.</param>
    /// <param name="psntp">The number of the packet in return.</param>
    /// <param name="turnaroundNs">The sample, nanoseconds.</param>
    /// <param name="errorBoundNs">What rounding can have cost, nanoseconds.</param>
    /// <param name="observedAtNs">Unix time at which the packet in return was observed, nanoseconds.</param>
    void OnTurnaround(
        in FlowKey flow, int tag, TurnaroundKind kind, uint psntp, long turnaroundNs, long errorBoundNs, ulong observedAtNs);

    /// <summary>The difference between two round trips of one flow; see <see cref="VariationSample"/>.</summary>
    /// <param name="flow">The flow whose source saw the round trips.</param>
    /// <param name="tag">The conversation's tag.</param>
    /// <param name="psntp">The number of the later round trip.</param>
    /// <param name="differenceNs">Absolute difference, nanoseconds.</param>
    /// <param name="smoothedJitterNs">The flow's jitter after it, nanoseconds.</param>
    /// <param name="observedAtNs">Unix time of the later round trip's observation, nanoseconds.</param>
    void OnVariation(
        in FlowKey flow, int tag, uint psntp, long differenceNs, double smoothedJitterNs, ulong observedAtNs);
}
