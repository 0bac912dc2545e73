namespace Pdm6.Security.Tests;

/// <summary>The window of RFC 6479 as tables of edges, and against a model that remembers everything.</summary>
public sealed class ReplayWindowTests
{
    private const int Size = 192; // three blocks of 64, and the spare one
    private const ulong Max = ulong.MaxValue;

    /// <summary>Each row is one life of a window: numbers in order of arrival, and whether each is accepted.</summary>
    public static TheoryData<string, (ulong Number, bool Accepted)[]> Lives => new()
    {
        { "in order", [(0, true), (1, true), (2, true), (3, true)] },
        { "twice at once", [(0, true), (0, false), (1, true), (1, false), (0, false)] },
        { "first is not 0", [(7, true), (0, true), (6, true), (7, false), (0, false), (6, false)] },
        { "backwards", [(9, true), (8, true), (7, true), (8, false), (7, false), (9, false), (0, true)] },
        { "last of the window", [(Size, true), (1, true), (0, false), (1, false)] },
        { "first behind the window", [(Size - 1, true), (0, true), (0, false)] },
        { "one step moves one out", [(Size - 1, true), (Size, true), (0, false), (1, true)] },
        { "end of a block", [(63, true), (64, true), (63, false), (64, false), (62, true), (65, true)] },
        { "jump within a block", [(64, true), (127, true), (65, true), (126, true), (65, false), (126, false)] },
        { "jump of one block", [(0, true), (64, true), (1, true), (63, true), (0, false), (1, false), (63, false)] },
        { "jump of the window", [(5, true), (5 + Size, true), (5, false), (6, true), (6, false)] },
        { "jump of the whole ring", [(5, true), (5 + 256, true), (5, false), (5 + 256 - Size, false), (5 + 257 - Size, true)] },
        { "jump of the ring less one", [(5, true), (5 + 255, true), (5 + 255, false), (5 + 256 - Size, true)] },
        { "jump far, then back", [(3, true), (1UL << 40, true), (3, false), ((1UL << 40) - 1, true), ((1UL << 40) - Size + 1, true), ((1UL << 40) - Size, false)] },
        { "same place in the ring, a round later", [(10, true), (10 + 256, true), (10 + 256, false), (10 + 512, true), (10 + 512, false)] },
        { "jump clears what it passes", [(100, true), (90, true), (100 + 256, true), (346, true), (100 + 128, true), (100 + 128, false)] },
        { "32 bits", [(uint.MaxValue, true), (uint.MaxValue, false), (uint.MaxValue - 1, true), (1UL << 32, true), (1UL << 32, false)] },
        { "end of the numbers", [(Max - 1, true), (Max, true), (Max, false), (Max - 1, false), (Max - Size + 1, true), (Max - Size, false), (0, false)] },
        { "from the start to the end", [(0, true), (Max, true), (0, false), (Max, false), (Max - 1, true)] },
        { "half the number space", [(1, true), (1UL << 63, true), (1, false), ((1UL << 63) - 1, true)] },
    };

    [Theory]
    [MemberData(nameof(Lives))]
    public void TryAccept_Life_AcceptsAsTheTableSays(string life, (ulong Number, bool Accepted)[] arrivals)
    {
        ReplayWindow window = new(Size);
        Assert.Equal(Size, window.Size);
        foreach ((ulong number, bool accepted) in arrivals)
        {
            Assert.True(accepted == window.WouldAccept(number), $"{life}: asked about {number}");
            Assert.True(accepted == window.TryAccept(number), $"{life}: {number}");
        }
    }

    [Fact]
    public void TryAccept_WholeWindowBackwards_AcceptsEachOnce()
    {
        ReplayWindow window = new(Size);
        Assert.True(window.TryAccept(1000));
        for (ulong number = 999; number > 1000 - Size; number--)
            Assert.True(window.TryAccept(number));
        for (ulong number = 1000; number > 1000 - Size; number--)
            Assert.False(window.TryAccept(number));
    }

    [Fact]
    public void WouldAccept_Asked_ChangesNothing()
    {
        ReplayWindow window = new(Size);
        Assert.True(window.WouldAccept(1_000_000));
        Assert.True(window.WouldAccept(1_000_000));
        Assert.True(window.TryAccept(0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 2)]
    [InlineData(65, 3)]
    [InlineData(512, 4)]
    [InlineData(8128, 5)]
    public void TryAccept_RandomWalk_AgreesWithAModelThatRemembersAll(int size, int seed)
    {
        Random random = new(seed);
        ReplayWindow window = new(size);
        Assert.InRange(window.Size, size, 2 * size + 64);
        HashSet<ulong> accepted = [];
        ulong highest = 0;
        int refused = 0;
        for (int i = 0; i < 50_000; i++)
        {
            // Around the highest number, with a jump now and then.
            long step = random.Next(500) == 0
                ? random.Next(5 * window.Size)
                : random.Next(-window.Size - 70, 4);
            ulong number = step < 0 && highest < (ulong)-step ? 0 : highest + (ulong)step;
            bool isNew = (number > highest || highest - number < (ulong)window.Size) && accepted.Add(number);
            highest = Math.Max(highest, number);
            Assert.Equal(isNew, window.TryAccept(number));
            refused += isNew ? 0 : 1;
        }
        Assert.InRange(refused, 1, 49_999); // both answers were among them
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(ReplayWindow.LargestSize + 1)]
    public void Constructor_SizeOutOfRange_IsTheCallersMistake(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayWindow(size));

    [Fact]
    public void Constructor_NoSize_RemembersTheDefault() => Assert.Equal(ReplayWindow.DefaultSize, new ReplayWindow().Size);
}
