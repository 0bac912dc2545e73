using Pdm6.Measurement.Tests.Scenario;
using Pdm6.Wire;

namespace Pdm6.Measurement.Tests;

public class RoundTripTests
{
    private static void IsAbout(double ms, long ns, long boundNs = 5_000) =>
        Assert.InRange(ns, (long)(ms * Flows.Ms) - boundNs, (long)(ms * Flows.Ms) + boundNs);

    [Fact]
    public void RoundTrip_NextPacketTellsIt_IsNetworkTimeWithoutServer()
    {
        Network network = new(Flows.Http);
        SentPacket timed = network.AToB(0, 10, payload: 100);
        network.BToA(40, 55, payload: 100);
        network.AToB(60, 70);

        RoundTripSample sample = Assert.Single(network.Measure().RoundTrips, s => s.Flow == Flows.Http);

        IsAbout(10 + 15, sample.RoundTripNs);
        Assert.Equal(timed.Psntp, sample.Psntp);
        Assert.False(sample.IsClosing);
        Assert.InRange(sample.ErrorBoundNs, 1, 3_000);
        Assert.Equal(network.SeenByB[1].ObservedAtNs, sample.ObservedAtNs);
    }

    [Fact]
    public void RoundTrip_OneQueryOneAnswer_ComesFromTheClosingExchange()
    {
        Network network = new(Flows.Dns);
        SentPacket query = network.AToB(0, 20, payload: 40);
        network.BToA(23, 45, payload: 90);

        RoundTripSample sample = Assert.Single(network.Measure().RoundTrips);

        IsAbout(20 + 22, sample.RoundTripNs, boundNs: 100);
        Assert.Equal((Flows.Dns, query.Psntp, true), (sample.Flow, sample.Psntp, sample.IsClosing));
    }

    [Fact]
    public void RoundTrip_FlowFallsSilentThenGoesOn_IsNotTakenTwice()
    {
        Network network = new(Flows.Http);
        network.AToB(0, 10, payload: 1);
        network.BToA(10, 20, payload: 1);
        network.AToB(5000, 5010, payload: 1);
        RecordingSink sink = new();
        FlowMeter meter = new(sink);

        meter.Add(network.SeenByB[0], Flows.Start);
        meter.Add(network.SeenByA[0], Flows.Start);
        meter.Advance(Flows.Start + 2 * Flows.Second);
        Assert.True(Assert.Single(sink.RoundTrips, s => s.Flow == Flows.Http).IsClosing);
        meter.Add(network.SeenByB[1], Flows.Start + 5 * Flows.Second);
        meter.Flush();

        Assert.Single(sink.RoundTrips, s => s.Flow == Flows.Http);
    }

    [Fact]
    public void RoundTrip_SilentForLessThanTheIdleTime_IsNotClosed()
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 10, payload: 1);
        network.BToA(10, 20, payload: 1);
        RecordingSink sink = new();
        FlowMeter meter = new(sink);

        meter.Add(network.SeenByB[0], Flows.Start);
        meter.Add(network.SeenByA[0], Flows.Start);
        meter.Advance(Flows.Start + 2 * Flows.Second - 1);

        Assert.Empty(sink.RoundTrips);
    }

    [Fact]
    public void RoundTrip_LateCopyAtServer_DoesNotLengthenIt()
    {
        // Hole 6: sent at 0, received at 50, copy at 150, answered at 160, received at 210.
        RoundTripSample sample = Assert.Single(LateCopy(serverAcceptsCopies: false).RoundTrips, s => s.Flow == Flows.Http);
        IsAbout(100, sample.RoundTripNs);
    }

    [Fact]
    public void RoundTrip_ServerLetsLateCopyUpdateState_GivesNoSample()
    {
        RecordingSink sink = LateCopy(serverAcceptsCopies: true);
        Assert.DoesNotContain(sink.RoundTrips, s => s.Flow == Flows.Http);
        Assert.DoesNotContain(sink.Turnarounds, t => t.Kind == TurnaroundKind.ServerDelay);
    }

    private static RecordingSink LateCopy(bool serverAcceptsCopies)
    {
        Network network = new(Flows.Http) { B = { AcceptsCopies = serverAcceptsCopies } };
        SentPacket request = network.AToB(0, 50, payload: 1);
        network.ArriveAtB(request, 150);
        network.BToA(160, 210, payload: 1);
        network.AToB(220, 270, payload: 1);
        return network.Measure();
    }

    [Fact]
    public void RoundTrip_LateCopyOfAnswer_DoesNotCloseTheFlow()
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 20, payload: 40);
        SentPacket answer = network.BToA(20, 40, payload: 90);
        network.ArriveAtA(answer, 900);

        IsAbout(40, Assert.Single(network.Measure().RoundTrips).RoundTripNs);
    }

    [Fact]
    public void RoundTrip_OnlyTheSecondCopyOfTheAnswerWasAccepted_ClosesWithThatOne()
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 20, payload: 40);
        SentPacket answer = network.SendB(21, 90);
        network.ArriveAtA(answer, 50); // as the one that gets accepted
        MeasuredPacket accepted = network.SeenByA[0];
        MeasuredPacket withoutKey = accepted with { Accepted = false, SinceSentNs = 0, ObservedAtNs = accepted.ObservedAtNs - 1 };

        RecordingSink sink = Network.Replay([network.SeenByB[0], withoutKey, accepted]);
        IsAbout(49, Assert.Single(sink.RoundTrips).RoundTripNs);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    public void RoundTrip_HostileTimeSinceSent_GivesNoSample(ulong sinceSentNs)
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 20, payload: 40);
        network.BToA(21, 41, payload: 90);
        Assert.Empty(Network.Replay([network.SeenByB[0], network.SeenByA[0] with { SinceSentNs = sinceSentNs }]).RoundTrips);
    }

    [Fact]
    public void RoundTrip_AnswersSeveralTimes_UsesTheLastBeforeTheNextPacket()
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 10, payload: 1);
        network.BToA(10, 20, payload: 1);
        network.BToA(30, 52, payload: 1);
        network.AToB(60, 70);

        IsAbout(10 + 22, Assert.Single(network.Measure().RoundTrips, s => s.Flow == Flows.Dns).RoundTripNs);
    }

    [Fact]
    public void RoundTrip_TwoQueriesBeforeTheAnswers_TimesTheSecond()
    {
        Network network = new(Flows.Dns);
        SentPacket first = network.SendA(0, 40);
        SentPacket second = network.SendA(1, 40);
        network.ArriveAtB(first, 20);
        SentPacket answer = network.SendB(20.5, 80);
        network.ArriveAtB(second, 21);
        SentPacket secondAnswer = network.SendB(21.5, 80);
        network.ArriveAtA(answer, 40.5);
        network.ArriveAtA(secondAnswer, 41.5);

        RoundTripSample sample = Assert.Single(network.Measure().RoundTrips, s => s.Flow == Flows.Dns);
        Assert.Equal(second.Psntp, sample.Psntp);
        IsAbout(40, sample.RoundTripNs);
    }

    [Fact]
    public void RoundTrip_AnswerNamesAnOlderPacket_GivesNoSample()
    {
        Network network = new(Flows.Http);
        network.AToB(0, 10);
        SentPacket crossing = network.SendB(12);
        network.SendA(13); // lost: the next packet's predecessor is not the one that was answered
        network.ArriveAtA(crossing, 22);
        network.AToB(30, 40);

        Assert.DoesNotContain(network.Measure().RoundTrips, s => s.Flow == Flows.Http);
    }

    [Fact]
    public void RoundTrip_NumberZeroAndAnUnaskedPacket_GivesNoSample()
    {
        // B's unasked packet says PSNLR 0 because it heard nothing; A's number 0 must not match it.
        Network network = new(Flows.Http, firstOfA: 0);
        network.SendA(0, 1);
        network.BToA(5, 15, payload: 1);
        network.AToB(20, 30);

        Assert.DoesNotContain(network.Measure().RoundTrips, s => s.Flow == Flows.Http);
    }

    [Fact]
    public void RoundTrip_NumberZeroAnswered_GivesASample()
    {
        Network network = new(Flows.Dns, firstOfA: 0, firstOfB: 0);
        network.AToB(0, 20, payload: 40);
        network.BToA(21, 41, payload: 90);
        Assert.Equal(0u, Assert.Single(network.Measure().RoundTrips).Psntp);
    }

    [Fact]
    public void RoundTrip_NumbersWrap_GoesOn()
    {
        Network network = new(Flows.Http, firstOfA: uint.MaxValue - 1, firstOfB: uint.MaxValue);
        for (int i = 0; i < 5; i++)
        {
            network.AToB(100 * i, 100 * i + 10, payload: 1);
            network.BToA(100 * i + 20, 100 * i + 31, payload: 1);
        }
        RecordingSink sink = network.Measure();

        Assert.Equal<IEnumerable<uint>>([uint.MaxValue - 1, uint.MaxValue, 0, 1, 2],
            sink.RoundTrips.Where(s => s.Flow == Flows.Http).Select(s => s.Psntp).Order(new SerialOrder(uint.MaxValue - 1)));
        Assert.All(sink.RoundTrips.Where(s => s.Flow == Flows.Http), s => IsAbout(21, s.RoundTripNs));
        Assert.Equal((1, 0), (sink.CountsOf(Flows.Http).Series, sink.CountsOf(Flows.Http).LostWithinSeries));
    }

    [Fact]
    public void RoundTrip_MostlyRoundingOfLongDeltas_IsNoSample()
    {
        // Ten seconds of thinking are told to within 0.3 ms: nothing can be said of a round trip of 0.2 ms.
        Network network = new(Flows.Http);
        network.AToB(0, 0.1, payload: 1);
        network.BToA(10_000, 10_000.1, payload: 1);
        network.AToB(10_001, 10_001.1);
        Assert.DoesNotContain(network.Measure().RoundTrips, s => s is { IsClosing: false } && s.Flow == Flows.Http);

        RecordingSink lenient = network.Measure(new MeasurementOptions { MaxRoundTripErrorNs = 1_000_000 });
        RoundTripSample sample = Assert.Single(lenient.RoundTrips, s => s.Flow == Flows.Http);
        IsAbout(0.2, sample.RoundTripNs, sample.ErrorBoundNs);
    }

    [Fact]
    public void RoundTrip_HostileDeltas_GiveNoSample()
    {
        Network network = new(Flows.Http);
        network.AToB(0, 10, payload: 1);
        network.BToA(20, 30, payload: 1);
        network.AToB(40, 50);
        PdmTime huge = new(0xffff, 0xff);
        Assert.Equal(2, network.Measure().RoundTrips.Count);

        IEnumerable<MeasuredPacket> hostile = network.SeenByA.Concat(network.SeenByB).Select(p => p with
        {
            Metrics = p.Metrics with { DeltaTimeLastSent = huge },
            SinceSentNs = ulong.MaxValue,
        });
        Assert.Empty(Network.Replay(hostile).RoundTrips);
    }

    [Fact]
    public void RoundTrip_FlowWithoutReverse_IsOnlyCounted()
    {
        FlowKey unreachable = Flows.Ping with { SourcePort = 1 << 8 };
        MeasuredPacket packet = new Host(unreachable).Receive(new Host(unreachable).Send(Flows.Start), Flows.Start);
        RecordingSink sink = Network.Replay([packet, packet with { Psntp = packet.Psntp + 1 }]);
        Assert.Equal(2, sink.CountsOf(unreachable).Distinct);
        Assert.Empty(sink.RoundTrips);
    }

    [Fact]
    public void Tag_GivenWithEitherFlow_IsOnEverySample()
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 20, payload: 40);
        network.BToA(23, 45, payload: 90);
        RecordingSink sink = Network.Replay([network.SeenByA[0] with { Tag = 7 }, network.SeenByB[0]]);
        Assert.Equal(7, Assert.Single(sink.RoundTrips).Tag);
        Assert.Equal(7, Assert.Single(sink.Turnarounds).Tag);
        Assert.All(sink.Packets, p => Assert.Equal(7, p.Tag));
    }

    private sealed class SerialOrder(uint from) : IComparer<uint>
    {
        public int Compare(uint x, uint y) => (x - from).CompareTo(y - from);
    }
}
