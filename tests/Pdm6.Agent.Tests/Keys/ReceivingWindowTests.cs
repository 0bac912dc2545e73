using Pdm6.Agent.Keys;
using Pdm6.Security;

namespace Pdm6.Agent.Tests.Keys;

public class ReceivingWindowTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Start = 1000 * Second;
    private static readonly EpochTimetable s_minutes = new(7, Start, 60 * Second, 100);

    [Fact]
    public void Of_LongEpoch_IsTheEpochAndFiveSecondsPlusTheBoundOnEachSide()
    {
        ReceivingWindow window = ReceivingWindow.Of(s_minutes, clockErrorBoundNs: 2 * Second, index: 10);

        Assert.Equal(Start + 600 * Second - 7 * Second, window.NotBeforeUnixNs);
        Assert.Equal(Start + 660 * Second + 7 * Second, window.NotAfterUnixNs);
    }

    [Fact]
    public void Of_EpochShorterThanTheSlack_ReachesNoFurtherThanTheNeighbours()
    {
        EpochTimetable seconds = s_minutes with { LengthNs = Second };

        ReceivingWindow window = ReceivingWindow.Of(seconds, clockErrorBoundNs: 0, index: 10);

        Assert.Equal(Start + 9 * Second, window.NotBeforeUnixNs);
        Assert.Equal(Start + 12 * Second, window.NotAfterUnixNs);
    }

    [Theory]
    [InlineData(30, new[] { 0L })] // in the middle of the first
    [InlineData(52, new[] { 0L })]
    [InlineData(53, new[] { 0L, 1L })] // 5 s before the second, 2 s ahead
    [InlineData(64, new[] { 0L, 1L })]
    [InlineData(65, new[] { 1L })] // 5 s after the first has ended
    [InlineData(-8, new long[0])] // before everything
    [InlineData(-7, new[] { 0L })]
    [InlineData(6000 + 4, new[] { 99L })] // after the last
    [InlineData(6000 + 5, new long[0])]
    public void IndicesAt_Instant_AreThoseWhoseWindowsAreOpenOrWillBeSoon(int seconds, long[] expected) =>
        Assert.Equal(expected, ReceivingWindow.IndicesAt(s_minutes, 0, Start + (ulong)(seconds * (long)Second), aheadNs: 2 * Second));

    [Fact]
    public void IndicesAt_ShortEpochs_AreTheCurrentOneItsNeighboursAndThoseAhead()
    {
        EpochTimetable seconds = s_minutes with { LengthNs = Second };

        Assert.Equal([9L, 10L, 11L], ReceivingWindow.IndicesAt(seconds, 0, Start + 10 * Second + 1, aheadNs: 0));
    }

    [Fact]
    public void IndicesAt_EveryInstant_MissesNoOpenWindow()
    {
        EpochTimetable table = s_minutes with { LengthNs = 3 * Second, Count = 12 };
        for (ulong now = Start - 20 * Second; now < Start + 60 * Second; now += Second / 4)
        {
            long[] open = [.. Enumerable.Range(0, 12).Select(i => (long)i).Where(index =>
            {
                ReceivingWindow window = ReceivingWindow.Of(table, Second, index);
                return window.NotBeforeUnixNs <= now && now < window.NotAfterUnixNs;
            })];
            Assert.Equal(open, ReceivingWindow.IndicesAt(table, Second, now, aheadNs: 0));
        }
    }
}
