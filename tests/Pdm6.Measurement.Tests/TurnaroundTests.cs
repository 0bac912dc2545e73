using Pdm6.Measurement.Tests.Scenario;
using Pdm6.Wire;

namespace Pdm6.Measurement.Tests;

public class TurnaroundTests
{
    private static void IsAbout(double ms, TurnaroundSample sample)
    {
        double ns = ms * Flows.Ms;
        Assert.InRange(ns, sample.TurnaroundNs - 1.0, (double)sample.TurnaroundNs + sample.ErrorBoundNs);
    }

    [Fact]
    public void ServerDelay_OneQueryOneAnswer_IsTheTimeAtTheServer()
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 20, payload: 40);
        SentPacket answer = network.BToA(23.5, 45, payload: 90);

        TurnaroundSample sample = Assert.Single(network.Measure().Turnarounds);

        Assert.Equal((TurnaroundKind.ServerDelay, Flows.Dns.Reverse(), answer.Psntp), (sample.Kind, sample.Flow, sample.Psntp));
        IsAbout(3.5, sample);
    }

    [Fact]
    public void ServerDelay_AcknowledgedBeforeTheAnswer_IsTheWholeThinking()
    {
        // Kernel acknowledges at once, application answers after 50 ms: docs/decisions/0004.
        Network network = new(Flows.Http);
        network.AToB(0, 10);                     // SYN
        network.BToA(10, 20);                    // SYN-ACK
        network.AToB(20, 30);                    // ACK
        network.AToB(20.1, 30.1, payload: 100);  // request
        network.BToA(30.2, 40.2);                // ACK of the request
        network.BToA(80.1, 90.1, payload: 500);  // answer
        network.BToA(80.2, 90.2, payload: 500);  // more of it
        network.AToB(90.3, 100.3);               // ACK

        RecordingSink sink = network.Measure();

        IsAbout(50, Assert.Single(sink.Of(TurnaroundKind.ServerDelay)));
        Assert.Empty(sink.Of(TurnaroundKind.ClientDelay));
        // SYN-ACK, the client's two ACKs, and the server's ACK of the request.
        Assert.Equal(4, sink.Of(TurnaroundKind.Other).Count());
    }

    [Fact]
    public void ServerDelay_ContextChangesWhileTheFirstAnswerWaitsForStragglers_IsNotLost()
    {
        Network network = new(Flows.Ping);
        for (int i = 0; i < 4; i++)
        {
            network.B.Context += i == 2 ? 1u : 0u;
            network.AToB(100 * i, 100 * i + 5, payload: 56);
            network.BToA(100 * i + 5.05, 100 * i + 10, payload: 56);
        }

        Assert.Equal(4, network.Measure().Of(TurnaroundKind.ServerDelay).Count());
    }

    [Fact]
    public void ServerDelay_Ping_DoesNotHoldTheInterval()
    {
        Network network = new(Flows.Ping);
        for (int i = 0; i < 4; i++)
        {
            network.AToB(1000 * i, 1000 * i + 5, payload: 56);
            network.BToA(1000 * i + 5.05, 1000 * i + 10, payload: 56);
        }
        RecordingSink sink = network.Measure();

        Assert.Equal(4, sink.Of(TurnaroundKind.ServerDelay).Count());
        Assert.All(sink.Of(TurnaroundKind.ServerDelay), s => IsAbout(0.05, s));
        Assert.Equal(3, sink.Of(TurnaroundKind.ClientDelay).Count());
        Assert.All(sink.Of(TurnaroundKind.ClientDelay), s => IsAbout(990, s));
    }

    [Fact]
    public void ServerDelay_FirstPartOfAnswerLost_IsNoSample()
    {
        Network network = new(Flows.Http);
        network.AToB(0, 10);
        network.BToA(10, 20);
        network.AToB(20, 30, payload: 100);
        network.SendB(40, 500);                   // lost
        network.BToA(240, 250, payload: 500);     // sent again: 210 ms that the server did not think

        Assert.Empty(network.Measure().Of(TurnaroundKind.ServerDelay));
    }

    [Fact]
    public void ServerDelay_RequestNotObserved_IsNoSample()
    {
        Network network = new(Flows.Http);
        network.AToB(0, 10);
        network.BToA(10, 20);
        network.AToB(20, 30, payload: 100);
        network.BToA(40, 50, payload: 500);
        Assert.Single(network.Measure().Of(TurnaroundKind.ServerDelay));

        network.SeenByB.RemoveAt(1);
        Assert.Empty(network.Measure().Of(TurnaroundKind.ServerDelay));
    }

    [Fact]
    public void ServerDelay_CaptureBeginsInTheMiddle_NeedsEvidence()
    {
        // Seen from the third packet of B on: nothing tells whether an earlier one answered.
        Network network = new(Flows.Http);
        network.AToB(0, 10, payload: 10);
        network.BToA(10, 20, payload: 10);
        network.AToB(20, 30, payload: 100);
        network.BToA(40, 50, payload: 500);
        network.BToA(55, 65, payload: 500);
        network.SeenByA.RemoveRange(0, 2);

        Assert.Empty(network.Measure().Of(TurnaroundKind.ServerDelay));
    }

    [Fact]
    public void ServerDelay_SideThatSpokeFirst_IsNeverTheServer()
    {
        // The client has the lower port.
        FlowKey flow = Flows.Udp(20);
        Network network = new(flow);
        network.AToB(0, 10, payload: 1);
        network.BToA(12, 22, payload: 1);
        network.AToB(100, 110, payload: 1);
        network.BToA(112, 122, payload: 1);

        RecordingSink sink = network.Measure();

        Assert.Equal(2, sink.Of(TurnaroundKind.ServerDelay).Count());
        Assert.All(sink.Of(TurnaroundKind.ServerDelay), s => Assert.Equal(flow.Reverse(), s.Flow));
        IsAbout(78, Assert.Single(sink.Of(TurnaroundKind.ClientDelay)));
    }

    [Theory]
    [InlineData(40_000, 53, TurnaroundKind.ServerDelay)]
    [InlineData(20, 53, TurnaroundKind.ClientDelay)]
    [InlineData(53, 53, TurnaroundKind.EitherDelay)]
    public void Kind_BothSpokeUnasked_IsDecidedByTheLowerPort(int portOfA, int portOfB, TurnaroundKind kindOfB)
    {
        Network network = new(Flows.Udp(portOfA) with { DestinationPort = (ushort)portOfB });
        SentPacket fromA = network.SendA(0, 1);
        SentPacket fromB = network.SendB(0, 1);
        network.ArriveAtA(fromB, 10);
        network.ArriveAtB(fromA, 10);
        network.BToA(15, 25, payload: 1);

        Assert.Equal(kindOfB, Assert.Single(network.Measure().Turnarounds).Kind);
    }

    [Fact]
    public void ServerDelay_LongConversation_ComesWithoutWaitingForItsEnd()
    {
        Network network = new(Flows.Ping);
        for (int i = 0; i < 4; i++)
        {
            network.AToB(1000 * i, 1000 * i + 5, payload: 56);
            network.BToA(1000 * i + 6, 1000 * i + 11, payload: 56);
        }
        RecordingSink sink = new();
        FlowMeter meter = new(sink);
        for (int i = 0; i < 4; i++)
        {
            meter.Add(network.SeenByB[i], Network.At(1000 * i + 5));
            meter.Add(network.SeenByA[i], Network.At(1000 * i + 11));
        }
        // The very first answer has no predecessor to prove it; it is believed once stragglers had their time.
        Assert.Equal(4, sink.Of(TurnaroundKind.ServerDelay).Count());
    }

    [Fact]
    public void ServerDelay_ReportOfTheRequestComesLongAfterTheAnswer_IsStillTaken()
    {
        Network network = new(Flows.Dns);
        network.AToB(0, 20, payload: 40);
        network.BToA(23, 45, payload: 90);
        RecordingSink sink = new();
        FlowMeter meter = new(sink);
        meter.Add(network.SeenByA[0], Flows.Start);
        meter.Add(network.SeenByB[0], Flows.Start + 10 * Flows.Second);

        IsAbout(3, Assert.Single(sink.Of(TurnaroundKind.ServerDelay)));
    }
}
