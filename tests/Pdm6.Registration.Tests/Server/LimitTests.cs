using System.Net;
using Pdm6.Registration.Server;

namespace Pdm6.Registration.Tests.Server;

/// <summary>How much one client may ask, and how much of it gets into the log. Time is an argument.</summary>
public sealed class LimitTests
{
    [Fact]
    public void RateLimit_AfterItsBurst_GivesOneForEachFractionOfASecond()
    {
        SteppedClock clock = new();
        RateLimit<int> limit = new(perSecond: 2, atOnce: 3, clock);

        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(limit.TryTake(1, out _)));
        Assert.False(limit.TryTake(1, out int wait));
        Assert.Equal(1, wait);
        Assert.True(limit.TryTake(2, out _));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(limit.TryTake(1, out _));
        Assert.False(limit.TryTake(1, out _));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(limit.TryTake(1, out _)));
        Assert.False(limit.TryTake(1, out _));
    }

    [Fact]
    public void RateLimit_OfMoreClientsThanItRemembers_GivesTheOthersOneRateTogether()
    {
        RateLimit<int> limit = new(perSecond: 0.001, atOnce: 2, new SteppedClock());
        const int Remembered = 1 << 16;
        for (int client = 0; client < Remembered; client++)
            Assert.True(limit.TryTake(client, out _));

        Assert.True(limit.TryTake(Remembered, out _));
        Assert.True(limit.TryTake(Remembered + 1, out _));
        Assert.False(limit.TryTake(Remembered + 2, out _));
        Assert.True(limit.TryTake(0, out _));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:0:0:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void ClientNetwork_OfTwoAddresses_IsTheSameWithinA64(string one, string other, bool same) =>
        Assert.Equal(same, ClientNetwork.Of(IPAddress.Parse(one)) == ClientNetwork.Of(IPAddress.Parse(other)));

    [Fact]
    public void RefusalLog_OfManyRefusals_WritesTheFirstAndThenOneLineAMinuteWithTheirNumber()
    {
        SteppedClock clock = new();
        LogLines lines = new();
        RefusalLog log = new(lines, clock);

        for (int i = 0; i < 1000; i++)
            log.Add("token-used", "::1", "The token was used already.");
        log.Add("revoked", "::1", "This participant was revoked.");
        clock.Advance(TimeSpan.FromSeconds(61));
        log.Add("token-used", "::2", "The token was used already.");

        Assert.Equal(3, lines.Written.Count);
        Assert.Equal("Refused ::2 (token-used), and 999 more since the last line: The token was used already.", lines.Written[2]);
        Assert.Equal([("revoked", 1), ("token-used", 1001)], log.Totals());
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
