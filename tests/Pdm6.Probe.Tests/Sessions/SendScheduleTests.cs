using Pdm6.Probe.Sessions;

namespace Pdm6.Probe.Tests.Sessions;

public class SendScheduleTests
{
    private const long Second = 1_000_000_000, Start = 5 * Second;

    [Fact]
    public void Due_AnIntervalThatIsNoWholeNumber_NothingAddsUp()
    {
        SendSchedule schedule = Started(Pace.PerSecond(3), null, null);
        long last = 0;
        for (int i = 0; i < 3_000_000; i++)
        {
            last = schedule.DueAtNs!.Value;
            Assert.True(schedule.TryTake(last, out _));
        }

        Assert.Equal(Start + 999_999 * Second + 2 * Second / 3, last);
        Assert.Equal(Start + 1_000_000 * Second, schedule.DueAtNs);
    }

    [Fact]
    public void Take_BeforeItIsDue_IsRefusedAndAfterwardsGivesWhatWasMissed()
    {
        SendSchedule schedule = Started(Pace.Every(TimeSpan.FromMilliseconds(10)), null, null);

        Assert.True(schedule.TryTake(Start, out _));
        Assert.False(schedule.TryTake(Start + 9_999_999, out _));
        List<long> taken = [];
        while (schedule.TryTake(Start + 35_000_000, out long number))
            taken.Add(number);
        Assert.Equal([1, 2, 3], taken);
    }

    [Fact]
    public void Take_AfterASleep_SendsNoFlood()
    {
        SendSchedule schedule = Started(Pace.Every(TimeSpan.FromMilliseconds(1)), null, null);
        long late = Start + 3600 * Second;

        Assert.True(schedule.TryTake(late, out _));
        Assert.Equal(late + 1_000_000, schedule.DueAtNs);
    }

    [Fact]
    public void Schedule_WithCount_EndsAfterIt()
    {
        SendSchedule schedule = Started(Pace.PerSecond(1000), 2, null);

        Assert.True(schedule.TryTake(Start + Second / 2, out _));
        Assert.False(schedule.IsFinished);
        Assert.True(schedule.TryTake(Start + Second / 2, out _));
        Assert.True(schedule.IsFinished);
        Assert.Null(schedule.DueAtNs);
    }

    [Fact]
    public void Schedule_WithDuration_HasNothingDueAtItsEnd()
    {
        SendSchedule schedule = Started(Pace.PerSecond(10), null, Second);
        int taken = 0;
        while (schedule.DueAtNs is { } due && schedule.TryTake(due, out _))
            taken++;

        Assert.Equal(10, taken);
    }

    [Fact]
    public void Schedule_FasterThanItsCaller_EndsInTimeAllTheSame()
    {
        SendSchedule schedule = Started(Pace.PerSecond(1_000_000), null, Second);

        Assert.True(schedule.TryTake(Start + Second - 1, out _));
        Assert.False(schedule.TryTake(Start + Second, out _));
        Assert.True(schedule.IsFinished);
    }

    private static SendSchedule Started(Pace pace, long? total, long? durationNs)
    {
        SendSchedule schedule = new(pace, total, durationNs);
        schedule.Start(Start);
        return schedule;
    }
}
