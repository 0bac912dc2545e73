using Pdm6.Agent.Keys;
using Pdm6.Agent.Tests.Support;
using Pdm6.Security;

namespace Pdm6.Agent.Tests.Keys;

public class ReceivingKeyPlanTests
{
    private const ulong Second = TestAnnouncements.Second;

    [Fact]
    public void Of_Announcement_IsInBootTimeWithItsOrder()
    {
        Announcement announcement = TestAnnouncements.Make(42, "2001:db8::1");

        ReceivingKeyPlan plan = Assert.Single(ReceivingKeyPlan.Of(announcement, 1090 * Second, 0, unixMinusBootNs: 1000 * (long)Second));

        Assert.Equal(8, plan.Epoch);
        Assert.Equal(new Datapath.ReceivingKeyPeriod(42, 1, 55 * Second, 125 * Second), plan.Period);
    }

    [Fact]
    public void Of_WindowThatOpenedBeforeBoot_BeginsAtBoot()
    {
        Announcement announcement = TestAnnouncements.Make(1, "2001:db8::1");

        ReceivingKeyPlan plan = Assert.Single(ReceivingKeyPlan.Of(announcement, 1030 * Second, 0, unixMinusBootNs: 1010 * (long)Second));

        Assert.Equal((0ul, 55 * Second), (plan.Period.NotBeforeNs, plan.Period.NotAfterNs));
    }

    [Fact]
    public void Of_SuiteThatTheKernelDoesNotHave_IsEmpty() =>
        Assert.Empty(ReceivingKeyPlan.Of(TestAnnouncements.Make(1, "2001:db8::1") with { Suite = Suite.Aes128Gcm }, 1030 * Second, 0, 0));

    [Fact]
    public void IsLike_SmallClockDifference_IsTheSameAndALargeOneIsNot()
    {
        Announcement announcement = TestAnnouncements.Make(1, "2001:db8::1");
        ReceivingKeyPlan plan = ReceivingKeyPlan.Of(announcement, 1030 * Second, 0, 0).Single();

        Assert.True(plan.IsLike(ReceivingKeyPlan.Of(announcement, 1030 * Second, 0, 5_000_000).Single(), 10_000_000));
        Assert.False(plan.IsLike(ReceivingKeyPlan.Of(announcement, 1030 * Second, 0, 15_000_000).Single(), 10_000_000));
        Assert.False(plan.IsLike(ReceivingKeyPlan.Of(announcement with { ContextId = ContextId.NewRandom() }, 1030 * Second, 0, 0).Single(), 10_000_000));
        Assert.False(plan.IsLike(ReceivingKeyPlan.Of(announcement, 1090 * Second, 0, 60 * (long)Second).Single(), 10_000_000));
    }
}
