using Pdm6.Collector.Ingest;
using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Tests;

/// <summary>Small parts with edges of their own.</summary>
public sealed class PartsTests
{
    [Fact]
    public void NumberRanges_AnyOrder_TakesEachNumberOnceAndMerges()
    {
        NumberRanges numbers = new();
        foreach (ulong number in new ulong[] { 5, 3, 4, 0, ulong.MaxValue, 1, 2 })
            Assert.True(numbers.Add(number));
        foreach (ulong number in new ulong[] { 5, 3, 4, 0, ulong.MaxValue, 1, 2 })
            Assert.False(numbers.Add(number));

        Assert.Equal([(0UL, 5UL), (ulong.MaxValue, ulong.MaxValue)], numbers.Ranges);
    }

    [Fact]
    public void NumberRanges_RandomNumbers_AgreeWithASet()
    {
        Random random = new(1);
        NumberRanges numbers = new();
        HashSet<ulong> expected = [];
        for (int i = 0; i < 3000; i++)
        {
            ulong number = (ulong)random.Next(1500);
            Assert.Equal(expected.Add(number), numbers.Add(number));
        }
        Assert.Equal(expected.Order(), numbers.Ranges.SelectMany(range =>
            Enumerable.Range((int)range.First, (int)(range.Last - range.First + 1)).Select(n => (ulong)n)));
    }

    [Fact]
    public void NumberRanges_TooManyHoles_ClosesTheOldest()
    {
        NumberRanges numbers = new();
        for (ulong i = 0; i <= NumberRanges.MostRanges; i++)
            Assert.True(numbers.Add(10 + 2 * i));

        Assert.Equal(NumberRanges.MostRanges, numbers.Ranges.Count);
        Assert.False(numbers.Add(11));
        Assert.True(numbers.Add(13));
    }

    [Fact]
    public async Task IngestQueue_Full_MakesSendersWaitAndThenKeepWhatTheyHave()
    {
        IngestQueue queue = new();
        IngestMessage message = new IngestMessage.Call(() => { });
        for (int i = 0; i < IngestQueue.Capacity; i++)
            Assert.True(await queue.TryAddAsync(message, TimeSpan.Zero, CancellationToken.None));
        Assert.False(await queue.TryAddAsync(message, TimeSpan.FromMilliseconds(20), CancellationToken.None));

        Task<bool> waiting = queue.TryAddAsync(message, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.True(queue.Reader.TryRead(out _));
        Assert.True(await waiting);

        queue.Close();
        Assert.False(await queue.TryAddAsync(message, TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    [Fact]
    public void WindowSet_ObserverWithAWrongClock_CannotReachFarTimes()
    {
        const ulong Second = 1_000_000_000;
        WindowSet windows = new(new GroupIndex(), TimeSpan.FromHours(1));
        windows.SetNow(1_000_000 * Second);
        windows.At(0, ulong.MaxValue)[GroupCounter.Packets]++;
        windows.At(0, 1_000_009 * Second)[GroupCounter.Packets]++;
        windows.At(0, 0)[GroupCounter.Packets]++;

        Assert.Equal(
            [1_000_000 - 3600, 1_000_000, 1_000_009],
            windows.Take().Select(window => window.Second).Order());
    }

    [Fact]
    public void GroupIndex_MoreNamesThanItHolds_SharesOther()
    {
        GroupIndex groups = new();
        for (int i = 1; i < GroupIndex.MostGroups; i++)
            Assert.Equal(i, groups.TagOf($"group {i}"));

        Assert.Equal(GroupIndex.NoTag, groups.TagOf("one more"));
        Assert.Equal(7, groups.TagOf("group 7"));
        Assert.Equal(GroupIndex.Other, groups.NameOf(groups.TagOf("one more")));
    }

    [Fact]
    public void GroupNumbers_MoreReasonsThanItHolds_SharesOther()
    {
        GroupNumbers numbers = new();
        for (int i = 0; i < GroupNumbers.MostReasons + 3; i++)
            numbers.AddLeftAlone($"reason-{i}", 2);
        numbers.AddLeftAlone("reason-0", 1);

        Assert.Equal(GroupNumbers.MostReasons + 1, numbers.LeftAlone.Count);
        Assert.Equal(3, numbers.LeftAlone["reason-0"]);
        Assert.Equal(6, numbers.LeftAlone[GroupNumbers.OtherReason]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(599, 1)]
    [InlineData(600, 10)]
    [InlineData(3599, 10)]
    [InlineData(3600, 60)]
    [InlineData(604800, 600)]
    public void WindowLength_OfAPeriod_CutsItIntoEnough(long seconds, int expected) =>
        Assert.Equal(expected, WindowLength.ForPeriod(seconds));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(30, 10)]
    [InlineData(120, 60)]
    [InlineData(1200, 600)]
    public void WindowLength_OfAStep_DividesIt(long step, int expected) =>
        Assert.Equal(expected, WindowLength.ForStep(step));
}
