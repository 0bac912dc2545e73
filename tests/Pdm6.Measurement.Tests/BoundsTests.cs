using Pdm6.Measurement.Tests.Scenario;
using Pdm6.Wire;

namespace Pdm6.Measurement.Tests;

public class BoundsTests
{
    private static readonly PdmTime ATime = new(1000, 30);

    private static MeasuredPacket Packet(FlowKey flow, uint psntp, uint psnlr, ulong atNs) =>
        new(flow, 1, 0, psntp, new PdmMetrics(psnlr, 0, ATime, ATime), atNs, true, 100, 0, 0, 0, 60, true, psnlr, 5_000_000);

    [Fact]
    public void Meter_MoreFlowsThanItMayKeep_ForgetsTheOldestAndClosesItFirst()
    {
        RecordingSink sink = new();
        FlowMeter meter = new(sink, new MeasurementOptions { MaxFlows = 10 });
        for (int port = 1000; port < 1100; port++)
        {
            Network network = new(Flows.Udp(port));
            network.AToB(0, 20, payload: 40);
            network.BToA(23, 45, payload: 90);
            meter.Add(network.SeenByA[0], Flows.Start);
            meter.Add(network.SeenByB[0], Flows.Start);
        }
        Assert.Equal(10, meter.ConversationCount);
        Assert.Equal(90ul, meter.ForgottenEarly);
        Assert.Equal(90, sink.RoundTrips.Count);
        Assert.Equal(90, sink.Of(TurnaroundKind.ServerDelay).Count());
    }

    [Fact]
    public void Meter_SilentFlows_AreForgotten()
    {
        FlowMeter meter = new(new RecordingSink());
        meter.Add(Packet(Flows.Dns, 1, 0, Flows.Start), Flows.Start);
        meter.Add(Packet(Flows.Http, 1, 0, Flows.Start), Flows.Start + 100 * Flows.Second);
        meter.Advance(Flows.Start + 149 * Flows.Second);
        Assert.Equal(2, meter.ConversationCount);
        meter.Advance(Flows.Start + 150 * Flows.Second);
        Assert.Equal(1, meter.ConversationCount);
    }

    [Fact]
    public void Meter_TimeGoesBack_StandsStill()
    {
        FlowMeter meter = new(new RecordingSink());
        meter.Add(Packet(Flows.Dns, 1, 0, Flows.Start), Flows.Start);
        meter.Advance(0);
        meter.Add(Packet(Flows.Dns, 2, 0, Flows.Start), 5);
        Assert.Equal(1, meter.ConversationCount);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(4096)]
    public void Meter_HostileNumbers_NeitherThrowNorGrow(int maxPackets)
    {
        Random random = new(maxPackets);
        RecordingSink sink = new();
        FlowMeter meter = new(sink, new MeasurementOptions { MaxFlows = 4, MaxPackets = maxPackets });
        FlowKey[] flows = [.. Enumerable.Range(1, 6).SelectMany(p => new[] { Flows.Udp(p), Flows.Udp(p).Reverse() })];
        ulong now = Flows.Start;
        for (int i = 0; i < 100_000; i++)
        {
            // Small numbers meet each other often, extreme ones test the arithmetic.
            uint Number() => random.Next(4) == 0 ? (uint)random.NextInt64(uint.MaxValue + 1L) : (uint)random.Next(40) - 20;
            PdmTime Time() => new((ushort)random.Next(0, 3), (byte)random.Next(256));
            MeasuredPacket packet = new(
                flows[random.Next(flows.Length)], (UInt128)random.Next(3), random.Next(2) == 0 ? long.MaxValue : random.Next(3),
                Number(), new PdmMetrics(Number(), 0, Time(), Time()), (ulong)random.NextInt64(long.MinValue, long.MaxValue),
                random.Next(2) == 0, (ushort)random.Next(2), 0, (uint)random.Next(2), 0, (byte)random.Next(256),
                random.Next(2) == 0, Number(), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
            meter.Add(packet, now += (ulong)random.Next(100_000_000));
        }
        meter.Flush();
        Assert.Equal(100_000, sink.Packets.Count);
        Assert.InRange(meter.ConversationCount, 1, 4);
        Assert.All(sink.RoundTrips, s => Assert.True(s.RoundTripNs > 0));
    }

    [Fact]
    public void Meter_SteadyState_AllocatesNothingPerPacket()
    {
        FlowMeter meter = new(new CountingSink(), new MeasurementOptions { MaxFlows = 64, MaxPackets = 1024 });
        FlowKey[] flows = [.. Enumerable.Range(0, 100).Select(i => Flows.Udp(1000 + i))];
        void Run(uint from, int count)
        {
            for (uint i = from; i < from + count; i++)
            {
                FlowKey flow = flows[i / 8 % flows.Length];
                flow.TryReverse(out FlowKey reverse);
                ulong now = Flows.Start + i * 10_000_000ul;
                meter.Add(Packet(flow, i, i - 1, now), now);
                meter.Add(Packet(reverse, i, i, now), now);
            }
        }
        Run(1, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(20_001, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0ul, 1ul, 1, 64)]
    [InlineData(2ul, 1ul, 1, 64)]
    [InlineData(1ul, 1ul, 0, 64)]
    [InlineData(1ul, 1ul, 1, 63)]
    public void Meter_OptionsThatBoundNothing_AreRefused(ulong idleNs, ulong forgetNs, int flows, int packets) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowMeter(new RecordingSink(), new MeasurementOptions
        {
            IdleCloseNs = idleNs, ForgetAfterNs = forgetNs, MaxFlows = flows, MaxPackets = packets,
        }));

    private sealed class CountingSink : IMeasurementSink
    {
        private long _calls;

        public void OnPacket(in CountedPacket packet) => _calls++;
        public void OnRoundTrip(in RoundTripSample sample) => _calls++;
        public void OnTurnaround(in TurnaroundSample sample) => _calls++;
        public void OnVariation(in VariationSample sample) => _calls++;
    }
}
