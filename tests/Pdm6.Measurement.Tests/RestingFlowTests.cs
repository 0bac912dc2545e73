using Pdm6.Measurement.Tests.Scenario;

namespace Pdm6.Measurement.Tests;

/// <summary>Flows that rest and go on, as when a client uses a port again (docs/decisions/0003).</summary>
public class RestingFlowTests
{
    [Theory]
    // The server's deltas are off by 1.2 ms each: together more than 1/32 of 40 ms, the closing one alone less.
    [InlineData(50, true)]
    // By 2.3 ms each: nothing can be said.
    [InlineData(80, false)]
    public void RoundTrip_ServersDeltasContainTheRest_CountsWhileItsErrorBoundAllows(int restSeconds, bool isSample)
    {
        RecordingSink sink = Exchanges(0, restSeconds * 1000);

        Assert.Equal(2, sink.RoundTrips.Count(s => s.Flow == Flows.Dns));
        RoundTripSample[] servers = [.. sink.RoundTrips.Where(s => s.Flow == Flows.Dns.Reverse())];
        Assert.Equal(isSample ? 1 : 0, servers.Length);
        Assert.All(servers, s => Assert.True(s is { IsClosing: true, ErrorBoundNs: <= 1_250_000 }));
        Assert.All(servers, s => Assert.InRange(s.RoundTripNs - 40 * (long)Flows.Ms, -s.ErrorBoundNs, s.ErrorBoundNs));
    }

    [Fact]
    public void RoundTrip_RestsAgainAndAgain_ClosesAnExchangeBeforeEach()
    {
        RecordingSink sink = Exchanges(0, 50_000, 100_000);

        Assert.Equal(3, sink.RoundTrips.Count(s => s.Flow == Flows.Dns));
        Assert.Equal(2, sink.RoundTrips.Count(s => s.Flow == Flows.Dns.Reverse()));
    }

    [Theory]
    [InlineData(1_900, 1)]
    [InlineData(2_100, 2)]
    public void RoundTrip_ReportOfTheExchangeWasLost_CountsAfterARestOnly(int restMs, int expected)
    {
        Network network = new(Flows.Dns);
        RecordingSink sink = new();
        FlowMeter meter = new(sink);
        Exchange(network, meter, 0);
        network.SendA(restMs - 500);
        Exchange(network, meter, 41 + restMs);
        meter.Flush();

        Assert.Equal(expected, sink.RoundTrips.Count(s => s.Flow == Flows.Dns));
    }

    private static RecordingSink Exchanges(params int[] startsMs)
    {
        Network network = new(Flows.Dns);
        RecordingSink sink = new();
        FlowMeter meter = new(sink);
        foreach (int startMs in startsMs)
            Exchange(network, meter, startMs);
        meter.Flush();
        return sink;
    }

    /// <summary>A query and its answer, 20 ms there, 1 ms at the server, 20 ms back; the meter hears of both at
    /// once.</summary>
    private static void Exchange(Network network, FlowMeter meter, int startMs)
    {
        network.AToB(startMs, startMs + 20, payload: 40);
        meter.Add(network.SeenByB[^1], Network.At(startMs + 20));
        network.BToA(startMs + 21, startMs + 41, payload: 90);
        meter.Add(network.SeenByA[^1], Network.At(startMs + 41));
    }
}
