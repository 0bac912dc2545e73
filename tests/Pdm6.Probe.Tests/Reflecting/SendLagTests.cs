using Pdm6.Probe.Reflecting;

namespace Pdm6.Probe.Tests.Reflecting;

public class SendLagTests
{
    [Fact]
    public void Lag_IsTheShortestOfTheLastEight()
    {
        SendLag lag = new();
        List<long> seen = [];
        foreach (long ns in new[] { 90, 40, 50, 60, 70, 80, 90, 90, 90, 90, 90, 90, 90, 90, 90, 30, 90, 90, 90 })
        {
            lag.Add(ns * 1000);
            seen.Add(lag.Ns / 1000);
        }

        Assert.Equal([0, 0, 0, 40, 40, 40, 40, 40, 40, 50, 60, 70, 80, 90, 90, 30, 30, 30, 30], seen);
    }

    [Fact]
    public void Lag_StampsThatCannotBe_ChangeNothing()
    {
        SendLag lag = new();
        for (int i = 0; i < 4; i++)
            lag.Add(5_000);
        foreach (long wrong in new[] { 0, -1, 2_000_000, long.MinValue, long.MaxValue })
            lag.Add(wrong);

        Assert.Equal(5_000, lag.Ns);
    }
}
