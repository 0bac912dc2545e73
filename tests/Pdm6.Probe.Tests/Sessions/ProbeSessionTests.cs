namespace Pdm6.Probe.Tests.Sessions;

public class ProbeSessionTests
{
    [Fact]
    public void Reply_WithKernelStamps_RoundTripIsTheirDifferenceWithoutTheReflectorsTime()
    {
        SessionDriver driver = new();
        driver.Send(0, lagUs: 5);
        driver.Reply(0, 1005, receivedAt: 500_000, sentAt: 700_000);

        ProbeReply reply = Assert.Single(driver.Sink.Replies);
        Assert.Equal((800_000L, 200_000L), (reply.RoundTripNs, reply.ReflectorNs));
        Assert.Equal((SessionDriver.Unix(5), SessionDriver.Unix(1005)), (reply.SentAtUnixNs, reply.ReceivedAtUnixNs));
        Assert.Equal((4, 3), (reply.HopsThere, reply.HopsBack));
        Assert.Equal(0, driver.Summary.WithoutKernelStamp);
    }

    [Fact]
    public void Reply_ToARequestWithAHopLimitOfItsOwn_CountsHopsFromThere()
    {
        SessionDriver driver = new(hopLimit: 62); // the reflector saw 60 arrive and thought of 64
        driver.Send(0);
        driver.Reply(0, 1005);

        Assert.Equal(2, driver.Sink.Replies[0].HopsThere);
    }

    [Theory]
    [InlineData(-1_000_000_000L)] // the clock was set back while the request was on its way
    [InlineData(1_000_000_000L)]
    [InlineData(null)] // no stamp at all
    public void Reply_WithStampsThatCannotBe_IsTimedByTheProgramsOwnClock(long? clockSetByUs)
    {
        SessionDriver driver = new();
        driver.Send(0);
        driver.Reply(0, 1000, stampedAt: clockSetByUs is { } us ? SessionDriver.Unix(1000 + us) : 0);

        Assert.Equal(1_010_000, driver.Sink.Replies[0].RoundTripNs);
        Assert.Equal(1, driver.Summary.WithoutKernelStamp);
    }

    [Theory]
    [InlineData(700_000, 500_000)] // the reflector sends before it receives
    [InlineData(100_000, 1_200_000)] // it takes longer than the whole exchange
    public void Reply_WithReflectorTimesThatCannotBe_CountsAndIsNoSample(ulong receivedAt, ulong sentAt)
    {
        SessionDriver driver = new();
        driver.Send(0);
        driver.Reply(0, 1000, receivedAt, sentAt);

        Assert.Null(driver.Sink.Replies[0].RoundTripNs);
        Assert.Equal((1L, 1L, 0L), (driver.Summary.Received, driver.Summary.WithoutSample, driver.Summary.RoundTrip.Count));
    }

    [Fact]
    public void Request_WithoutReply_IsLostAtTheTimeoutAndALateReplyDoesNotChangeThat()
    {
        SessionDriver driver = new();
        driver.Send(0);
        driver.Send(100);
        Assert.Equal(SessionDriver.TimeoutUs * 1000, driver.Session.NextTimeoutAtNs);

        driver.Session.Expire(SessionDriver.TimeoutUs * 1000 - 1);
        Assert.Equal(2, driver.Summary.Waiting);
        driver.Session.Expire(SessionDriver.TimeoutUs * 1000);
        driver.Reply(0, SessionDriver.TimeoutUs + 20);
        driver.Reply(0, SessionDriver.TimeoutUs + 30);

        Assert.Equal([0u], driver.Sink.Lost);
        Assert.Empty(driver.Sink.Replies);
        ProbeSummary summary = driver.Summary;
        Assert.Equal((2L, 0L, 1L, 1L, 1L), (summary.Sent, summary.Received, summary.Late, summary.Waiting, summary.Duplicates));
        Assert.Equal((1L, 1.0), (summary.Lost, summary.LossShare));
    }

    [Fact]
    public void Replies_CopiedAndOvertaken_AreCountedOnceEach()
    {
        SessionDriver driver = new();
        for (int i = 0; i < 4; i++)
            driver.Send(i * 100);
        driver.Reply(1, 1000, number: 2);
        driver.Reply(0, 1100, number: 1);
        driver.Reply(1, 1200, number: 2);
        driver.Reply(3, 1300, number: 4);
        driver.Reply(2, 1400, number: 3);

        ProbeSummary summary = driver.Summary;
        Assert.Equal((4L, 1L, 2L), (summary.Received, summary.Duplicates, summary.Reordered));
        Assert.Equal(new DirectionSummary(null, 4, 1, 2), summary.Back);
        Assert.Equal([1u], driver.Sink.Duplicates);
    }

    [Fact]
    public void Variation_RepliesOutOfOrderAndOneLost_IsTakenInTheOrderOfSending()
    {
        SessionDriver driver = new();
        for (int i = 0; i < 4; i++)
            driver.Send(0, lagUs: 0);
        driver.Reply(3, 400); // 400, against 200 of the second
        driver.Reply(1, 700); // 700, against 100 of the first
        driver.Reply(0, 800);
        driver.Session.Expire(SessionDriver.TimeoutUs * 1000);

        // 800, 700, lost, 400
        Assert.Equal(2, driver.Summary.Variation.Count);
        Assert.Equal((100_000L, 300_000L), (driver.Summary.Variation.Histogram.LeastNs, driver.Summary.Variation.Histogram.GreatestNs));
        Assert.Equal(100_000 / 16.0 + (300_000 - 100_000 / 16.0) / 16, driver.Summary.JitterNs);
    }

    [Fact]
    public void Directions_WithCountsOfAClosingReply_AreExact()
    {
        SessionDriver driver = new();
        for (int i = 0; i < 10; i++)
            driver.Send(i);
        // Two lost on the way there, one held back by the limit, two lost on the way back.
        for (uint i = 0; i < 5; i++)
            driver.Reply(i, 1000 + i, number: i + 1, counts: new ReflectorCounts(i + 1, 0, 0, 0));
        driver.Session.Expire(2 * SessionDriver.TimeoutUs * 1000);
        Assert.Equal(new DirectionSummary(10, null, null, null), driver.Summary.There);

        driver.Reply(10, 3_000_000, number: 8, counts: new ReflectorCounts(8, 1, 3, 2));

        Assert.True(driver.Session.IsClosed);
        ProbeSummary summary = driver.Summary;
        Assert.Equal(new DirectionSummary(10, 8, 3, 2), summary.There);
        Assert.Equal((2L, 2L, 1L), (summary.There.Lost, summary.Back.Lost, summary.Limited));
        Assert.Equal((10L, 5L), (summary.Sent, summary.Received));
    }

    [Fact]
    public void Directions_OfAReflectorThatOnlyNumbersItsReplies_FollowFromTheNumbers()
    {
        SessionDriver driver = new();
        for (int i = 0; i < 6; i++)
            driver.Send(i);
        driver.Reply(0, 1000, number: 0);
        driver.Reply(2, 1001, number: 1); // request 1 was lost
        driver.Reply(2, 1002, number: 2); // request 2 was doubled on the way there
        driver.Reply(2, 1003, number: 2); // and this reply on the way back
        driver.Reply(5, 1004, number: 5); // 3 and 4 were answered, and their replies lost
        driver.Session.Expire(2 * SessionDriver.TimeoutUs * 1000);
        driver.Reply(6, 3_000_000, number: 6);

        Assert.Equal(new DirectionSummary(6, 5, 1, null), driver.Summary.There);
        Assert.Equal(new DirectionSummary(6, 4, 1, 0), driver.Summary.Back);
    }

    [Fact]
    public void OneWayDelay_BothClocksBounded_IsGivenWithTheSumOfTheBounds()
    {
        SessionDriver driver = new();
        driver.Session.OwnClockErrorNs = 30_000;
        driver.Send(0, lagUs: 0);
        driver.Reply(0, 1000, SessionDriver.Unix(300), SessionDriver.Unix(400), clockErrorNs: 20_000);
        driver.Send(5000, lagUs: 0);
        driver.Reply(1, 6000, SessionDriver.Unix(4990), SessionDriver.Unix(5100), clockErrorNs: 20_000);

        Assert.Equal((300_000L, 600_000L), (driver.Sink.Replies[0].DelayThereNs, driver.Sink.Replies[0].DelayBackNs));
        Assert.Equal(0, driver.Sink.Replies[1].DelayThereNs); // below 0 is within the error of 0
        Assert.Equal(50_000, driver.Summary.ClockErrorNs);
    }

    [Theory]
    [InlineData(null, 20_000L)]
    [InlineData(30_000L, null)]
    public void OneWayDelay_AClockWithoutBound_IsNotGiven(long? own, long? far)
    {
        SessionDriver driver = new();
        driver.Session.OwnClockErrorNs = own;
        driver.Send(0);
        driver.Reply(0, 1000, SessionDriver.Unix(300), SessionDriver.Unix(400), clockErrorNs: far);

        Assert.Equal((null, null), (driver.Sink.Replies[0].DelayThereNs, driver.Sink.Replies[0].DelayBackNs));
        Assert.Equal((null, 0L), (driver.Summary.ClockErrorNs, driver.Summary.DelayThere.Count));
    }

    [Fact]
    public void Request_ThatTheKernelRefused_IsNeitherSentNorLost()
    {
        SessionDriver driver = new();
        driver.Session.OnNotSent(driver.Send(0), "Not sent: Message too long");
        driver.Send(1);
        driver.Reply(1, 500);
        driver.Reply(0, 600);
        driver.Session.Expire(2 * SessionDriver.TimeoutUs * 1000);

        ProbeSummary summary = driver.Summary;
        Assert.Equal((1L, 1L, 1L, 0L, 1L), (summary.Sent, summary.SendFailed, summary.Received, summary.Lost, summary.Refused));
        Assert.Equal(["Not sent: Message too long"], driver.Sink.Problems);
    }

    [Fact]
    public void Requests_MoreThanAreRemembered_TheOldestIsGivenUp()
    {
        SessionDriver driver = new(remembered: 4);
        for (int i = 0; i < 6; i++)
            driver.Send(i);
        driver.Reply(1, 100);
        driver.Reply(2, 100);

        Assert.Equal([0u, 1u], driver.Sink.Lost);
        Assert.Equal((1L, 1L, 3L), (driver.Summary.Received, driver.Summary.Refused, driver.Summary.Waiting));
    }
}
