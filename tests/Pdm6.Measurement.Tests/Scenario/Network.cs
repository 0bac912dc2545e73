using Pdm6.Wire;

namespace Pdm6.Measurement.Tests.Scenario;

/// <summary>
/// A client A and a server B with a stretch of network of known delay in between, and the two streams of observations
/// that they report. Times are milliseconds after <see cref="Flows.Start"/>.
/// </summary>
internal sealed class Network
{
    public Network(FlowKey clientFlow, uint firstOfA = 1000, uint firstOfB = 5000)
    {
        A = new Host(clientFlow, firstOfA);
        B = new Host(clientFlow.Reverse(), firstOfB, clockOffsetNs: 700 * Flows.Second);
    }

    public Host A { get; }
    public Host B { get; }
    public List<MeasuredPacket> SeenByA { get; } = [];
    public List<MeasuredPacket> SeenByB { get; } = [];

    public static ulong At(double ms) => Flows.Start + (ulong)(ms * Flows.Ms);

    public SentPacket SendA(double ms, int payload = 0, uint sequence = 0) => A.Send(At(ms), payload, sequence);
    public SentPacket SendB(double ms, int payload = 0, uint sequence = 0) => B.Send(At(ms), payload, sequence);
    public void ArriveAtA(SentPacket packet, double ms) => SeenByA.Add(A.Receive(packet, At(ms)));
    public void ArriveAtB(SentPacket packet, double ms) => SeenByB.Add(B.Receive(packet, At(ms)));

    /// <summary>A sends, B receives.</summary>
    public SentPacket AToB(double sentMs, double receivedMs, int payload = 0)
    {
        SentPacket packet = SendA(sentMs, payload);
        ArriveAtB(packet, receivedMs);
        return packet;
    }

    /// <summary>B sends, A receives.</summary>
    public SentPacket BToA(double sentMs, double receivedMs, int payload = 0)
    {
        SentPacket packet = SendB(sentMs, payload);
        ArriveAtA(packet, receivedMs);
        return packet;
    }

    /// <summary>What a meter finds when A's report comes first and everything has come.</summary>
    public RecordingSink Measure(MeasurementOptions? options = null) => Replay([.. SeenByA, .. SeenByB], options);

    public static RecordingSink Replay(IEnumerable<MeasuredPacket> packets, MeasurementOptions? options = null)
    {
        RecordingSink sink = new();
        FlowMeter meter = new(sink, options);
        foreach (MeasuredPacket packet in packets)
            meter.Add(packet, Flows.Start);
        meter.Flush();
        return sink;
    }
}
