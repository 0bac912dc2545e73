namespace Pdm6.Security.Tests;

public sealed class EpochTimetableTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Start = 1_700_000_000 * Second;
    private static readonly EpochTimetable s_minutes = new(4090, Start, 60 * Second, 1440);

    [Theory]
    [InlineData(Start, 0)]
    [InlineData(Start + 60 * Second - 1, 0)]
    [InlineData(Start + 60 * Second, 1)]
    [InlineData(Start + 86400 * Second - 1, 1439)]
    [InlineData(Start + 86400 * Second, 1440)]
    [InlineData(Start - 1, -1)]
    [InlineData(Start - 60 * Second, -1)]
    [InlineData(Start - 60 * Second - 1, -2)]
    [InlineData(ulong.MaxValue, 279112401)]
    [InlineData(0UL, -28333334)]
    public void IndexAt_Edges_IsTheFloor(ulong unixNs, long index) => Assert.Equal(index, s_minutes.IndexAt(unixNs));

    [Fact]
    public void IndexAt_ShortestStepFarAway_Saturates()
    {
        Assert.Equal(long.MaxValue, new EpochTimetable(0, 0, 1, 1).IndexAt(ulong.MaxValue));
        Assert.Equal(long.MinValue, new EpochTimetable(0, ulong.MaxValue, 1, 1).IndexAt(0));
    }

    [Theory]
    [InlineData(0, 4090)]
    [InlineData(5, 4095)]
    [InlineData(6, 0)]
    [InlineData(4096, 4090)]
    [InlineData(-1, 4089)]
    public void EpochOf_Wrap_IsModulo4096(long index, int epoch) => Assert.Equal(epoch, s_minutes.EpochOf(index));

    [Theory]
    [InlineData(4090, true, 0)]
    [InlineData(4095, true, 5)]
    [InlineData(0, true, 6)]
    [InlineData(1433, true, 1439)]
    [InlineData(1434, false, 1440)]
    [InlineData(4089, false, 4095)]
    public void TryIndexOf_Epoch_FindsItOnlyInsideTheContext(ushort epoch, bool inside, long index)
    {
        Assert.Equal(inside, s_minutes.TryIndexOf(epoch, out long found));
        if (inside)
            Assert.Equal(index, found);
    }

    [Fact]
    public void StartOf_EveryIndex_IsWhereItBegins()
    {
        for (long index = -3; index < 1500; index++)
        {
            ulong start = s_minutes.StartOf(index);
            Assert.Equal(index, s_minutes.IndexAt(start));
            Assert.Equal(index - 1, s_minutes.IndexAt(start - 1));
        }
    }

    [Theory]
    [InlineData(long.MinValue, 0UL)]
    [InlineData(long.MaxValue, ulong.MaxValue)]
    public void StartOf_FarAway_Saturates(long index, ulong start) => Assert.Equal(start, s_minutes.StartOf(index));

    [Theory]
    [InlineData(60 * Second, 1440u)] // 24 hours are first
    [InlineData(Second, 4096u)] // 4096 epochs are first
    [InlineData(21_093_750_000, 4096u)] // both at once
    [InlineData(86400 * Second, 1u)]
    [InlineData(7 * 3600 * Second, 3u)]
    public void NewRandom_Length_EndsAfter4096EpochsOr24Hours(ulong lengthNs, uint count)
    {
        EpochTimetable timetable = EpochTimetable.NewRandom(Start, lengthNs);
        Assert.Equal(count, timetable.Count);
        Assert.Equal(Start, timetable.FirstInstantUnixNs);
        Assert.Equal(Start + count * lengthNs, timetable.EndNs);
        Assert.InRange(timetable.EndNs - Start, 1UL, EpochTimetable.LongestLifeNs);
        Assert.True(timetable.TryValidate(out _));
    }

    [Fact]
    public void NewRandom_ManyTimes_CoversTheEpochs()
    {
        ushort[] firsts = [.. Enumerable.Range(0, 2000).Select(_ => EpochTimetable.NewRandom(Start, Second).FirstEpoch)];
        Assert.All(firsts, first => Assert.InRange(first, 0, 4095));
        // 2000 draws out of 4096 leave about 1583 different ones; fewer than 1000 has no measurable chance.
        Assert.True(firsts.Distinct().Count() > 1000);
    }

    [Theory]
    [InlineData(Start, EpochTimetable.ShortestLengthNs - 1)]
    [InlineData(Start, EpochTimetable.LongestLifeNs + 1)]
    [InlineData(1UL << 63, Second)]
    public void NewRandom_OutOfRange_IsTheCallersMistake(ulong now, ulong lengthNs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EpochTimetable.NewRandom(now, lengthNs));

    [Theory]
    [InlineData(4096, Start, 60 * Second, 1u)]
    [InlineData(0, ulong.MaxValue, 60 * Second, 1u)]
    [InlineData(0, Start, 0UL, 1u)]
    [InlineData(0, Start, 99_999_999UL, 1u)]
    [InlineData(0, Start, ulong.MaxValue, 1u)]
    [InlineData(0, Start, 60 * Second, 0u)]
    [InlineData(0, Start, 60 * Second, 1441u)]
    [InlineData(0, Start, Second, 4097u)]
    [InlineData(0, Start, Second, uint.MaxValue)]
    public void TryValidate_OutOfRange_SaysWhy(ushort first, ulong instant, ulong lengthNs, uint count)
    {
        Assert.False(new EpochTimetable(first, instant, lengthNs, count).TryValidate(out string? error));
        Assert.False(string.IsNullOrEmpty(error));
    }
}
