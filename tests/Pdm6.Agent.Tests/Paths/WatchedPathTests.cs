using Pdm6.Agent.Paths;
using Pdm6.Datapath;
using static Pdm6.Agent.Tests.Paths.PathSimulation;

namespace Pdm6.Agent.Tests.Paths;

public class WatchedPathTests
{
    private static readonly WatchedForms s_sealed = new(LostForms.Header48, LostForms.Surplus);

    [Fact]
    public void Advance_EverythingArrives_IsQuiet()
    {
        PathSimulation path = new(s_sealed);
        path.Run(2 * SecondNs);
        path.Sent.Clear();

        path.Run(60 * SecondNs);

        Assert.Empty(path.Changes);
        Assert.All(path.Sent, sent => Assert.Equal(PathForm.Header48, sent.Form));
        Assert.InRange(path.Sent.Count, 150, 201); // one each 300 ms
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(150)]
    public void Advance_HeadersVanish_FallsBackWithinOnePointFourSeconds(int roundTripMs)
    {
        PathSimulation path = new(s_sealed) { RoundTripNs = (ulong)roundTripMs * MillisecondNs };
        path.Run(5 * SecondNs);
        path.Drops = form => form.HeaderOctets() > 0;
        ulong since = path.NowNs;

        path.Run(3 * SecondNs);

        // A TCP connection sends again after 0.2, 0.6 and 1.4 s: its third try must find the way free.
        (ulong at, LostForms lost) = path.Changes[0];
        Assert.Equal(LostForms.Header48, lost);
        Assert.InRange(at - since, 0ul, 1400 * MillisecondNs);
    }

    [Fact]
    public void Advance_HeadersAndSurplusVanish_BothAreLost()
    {
        PathSimulation path = new(s_sealed);
        path.Run(5 * SecondNs);
        path.Drops = form => form != PathForm.Plain;

        path.Run(2 * SecondNs);

        Assert.Equal(LostForms.Header48 | LostForms.Surplus, Assert.Single(path.Changes).Lost);
    }

    [Fact]
    public void Advance_FallbackVanishesLater_IsNoticedToo()
    {
        PathSimulation path = new(s_sealed) { Drops = form => form.HeaderOctets() > 0 };
        path.Run(5 * SecondNs);
        Assert.Equal(LostForms.Header48, path.Path.Lost);
        path.Drops = form => form != PathForm.Plain;
        ulong since = path.NowNs;

        path.Run(3 * SecondNs);

        Assert.Equal(LostForms.Header48 | LostForms.Surplus, path.Path.Lost);
        Assert.InRange(path.Changes[^1].AtNs - since, 0ul, 2 * SecondNs);
    }

    [Fact]
    public void Advance_OnlyLargeHeadersVanish_SmallerOnesStay()
    {
        PathSimulation path = new(WatchedForms.Of([PacketCarriage.DestoptV2Clear], Enum.GetValues<PacketCarriage>()));
        path.Drops = form => form.HeaderOctets() > 16;

        path.Run(5 * SecondNs);

        Assert.Equal(LostForms.Header32, path.Path.Lost);
    }

    [Fact]
    public void Advance_HostIsDown_ChangesNothingAndAsksSeldom()
    {
        PathSimulation path = new(s_sealed);
        path.Run(5 * SecondNs);
        path.Drops = _ => true;
        path.Run(3 * SecondNs);
        path.Sent.Clear();

        path.Run(60 * SecondNs);

        Assert.Empty(path.Changes);
        Assert.False(path.Path.IsAnswered);
        Assert.InRange(path.Sent.Count, 40, 62);
    }

    [Fact]
    public void Advance_HostComesBackBehindARouterThatDrops_FallsBackWithinThreeSeconds()
    {
        PathSimulation path = new(s_sealed) { Drops = _ => true };
        path.Run(30 * SecondNs);
        path.Drops = form => form.HeaderOctets() > 0;
        ulong since = path.NowNs;

        path.Run(5 * SecondNs);

        Assert.InRange(path.Changes[0].AtNs - since, 0ul, 3 * SecondNs);
    }

    [Fact]
    public void Advance_DroppedFromTheStart_FallsBackAtOnce()
    {
        PathSimulation path = new(s_sealed) { Drops = form => form.HeaderOctets() > 0 };
        ulong since = path.NowNs;

        path.Run(2 * SecondNs);

        Assert.InRange(path.Changes[0].AtNs - since, 0ul, SecondNs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Advance_HeadersArriveAgain_ReturnsInTimeThatItHasTakenOrAMinute(int seconds)
    {
        PathSimulation path = new(s_sealed) { Drops = form => form.HeaderOctets() > 0 };
        path.Run((ulong)seconds * SecondNs);
        path.Drops = _ => false;
        ulong since = path.NowNs;

        path.Run(70 * SecondNs);

        Assert.Equal((LostForms)0, path.Path.Lost);
        ulong longest = Math.Clamp((ulong)seconds * SecondNs, 2 * SecondNs, WatchedPath.LongestTrialNs) + 2 * SecondNs;
        Assert.InRange(path.Changes[^1].AtNs - since, 0ul, longest);
    }

    [Fact]
    public void Advance_LostForLong_IsTriedMoreAndMoreSeldom()
    {
        PathSimulation path = new(s_sealed) { Drops = form => form.HeaderOctets() > 0 };
        path.Run(3600 * SecondNs);

        List<ulong> trials = [.. path.Sent.Where(sent => sent.Form == PathForm.Header48).Select(sent => sent.AtNs)];
        // Five of the suspicion; after it three for each trial: at 2, 6, 14, 30, 62 s, then each minute.
        Assert.InRange(trials.Count, 5 + 3 * 60, 5 + 3 * 66);
    }

    [Fact]
    public void Advance_RouterThatChangesItsMind_IsBelievedMoreAndMoreSlowly()
    {
        PathSimulation path = new(s_sealed);
        for (int i = 0; i < 100; i++)
        {
            path.Drops = form => i % 2 == 0 && form.HeaderOctets() > 0;
            path.Run(5 * SecondNs);
        }

        Assert.InRange(path.Changes.Count, 2, 30); // not twice in every ten seconds
    }

    [Theory]
    [InlineData(1, 0.05)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.2)]
    public void Advance_PacketsAreLostAtRandom_IsSeldomMistaken(int seed, double probability)
    {
        Random random = new(seed);
        PathSimulation path = new(s_sealed) { Drops = _ => random.NextDouble() < probability };

        path.Run(600 * SecondNs);

        Assert.InRange(path.Changes.Count, 0, probability > 0.1 ? 4 : 0);
    }

    [Fact]
    public void Of_ProtectedRules_NeverFallBackToClear()
    {
        WatchedForms forms = WatchedForms.Of([PacketCarriage.DestoptV2], Enum.GetValues<PacketCarriage>());

        Assert.Equal((LostForms.Header48, LostForms.Surplus), (forms.First, forms.Fallbacks));
    }

    [Fact]
    public void InUse_NothingLost_IsWhatTheRulesAskFor()
    {
        Assert.Equal(LostForms.Header48, s_sealed.InUse(0));
        Assert.Equal(LostForms.Surplus, s_sealed.InUse(LostForms.Header48));
        Assert.Equal((LostForms)0, s_sealed.InUse(LostForms.Header48 | LostForms.Surplus));
    }
}
