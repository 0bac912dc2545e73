using Pdm6.Agent.Keys;
using Pdm6.Security;

namespace Pdm6.Agent.Tests.Keys;

public class EpochScheduleTests
{
    private const ulong Second = 1_000_000_000;
    private static readonly EpochSchedule s_schedule = new(4094, 100 * Second, 10 * Second, 6);

    [Theory]
    [InlineData(99_999_999_999, null)]
    [InlineData(100_000_000_000, 0L)]
    [InlineData(109_999_999_999, 0L)]
    [InlineData(110_000_000_000, 1L)]
    [InlineData(159_999_999_999, 5L)]
    [InlineData(160_000_000_000, null)]
    public void IndexAt_Edges_AreHalfOpen(ulong bootNs, long? index) => Assert.Equal(index, s_schedule.IndexAt(bootNs));

    [Fact]
    public void EpochOf_PastTwelveBits_WrapsToZero() =>
        Assert.Equal([4094, 4095, 0, 1], Enumerable.Range(0, 4).Select(index => (int)s_schedule.EpochOf(index)));

    [Fact]
    public void DeadlineOf_Index_IsOneSecondAfterItsEnd() => Assert.Equal(121 * Second, s_schedule.DeadlineOf(1));

    [Fact]
    public void EndingAfter_Index_ShortensAndNeverLengthens()
    {
        EpochSchedule early = s_schedule.EndingAfter(2);

        Assert.Equal(130 * Second, early.EndNs);
        Assert.Null(early.IndexAt(130 * Second));
        Assert.Equal(early, early.EndingAfter(4));
    }

    [Fact]
    public void From_Timetable_AgreesWithItAtEveryIndexWhateverUnixTimeIs()
    {
        EpochTimetable timetable = EpochTimetable.NewRandom(1_700_000_000 * Second, 60 * Second);
        EpochSchedule schedule = EpochSchedule.From(timetable, 5 * Second);

        Assert.Equal(timetable.Count, schedule.Count);
        for (long index = 0; index < timetable.Count; index++)
        {
            Assert.Equal(timetable.EpochOf(index), schedule.EpochOf(index));
            Assert.Equal(timetable.StartOf(index) - timetable.FirstInstantUnixNs, schedule.StartOf(index) - 5 * Second);
        }
    }
}
