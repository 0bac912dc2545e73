using Pdm6.Fuzz.Engine;
using Pdm6.Fuzz.Targets;

namespace Pdm6.Fuzz.Tests;

/// <summary>The fuzzer itself: it finds what it is for.</summary>
public sealed class FuzzerTests
{
    [Theory]
    [InlineData("throws", 10_000)]
    [InlineData("hides-behind-three-checks", 1_000_000)]
    [InlineData("allocates", 100_000)]
    [InlineData("changes-a-value", 10_000)]
    [InlineData("accepts-a-forgery", 10_000)]
    public void Run_PlantedFault_IsFoundInTime(string fault, long inputs)
    {
        using Laboratory laboratory = new();
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            using Fuzzer fuzzer = laboratory.Fuzzer(Planted(fault), seed);
            FuzzReport report = fuzzer.Run(inputs, TimeSpan.MaxValue);
            Assert.NotNull(report.Failure);
            Assert.Equal(report.Inputs, report.Failure.Position);
            // The input alone shows it again.
            if (fault != "allocates")
                Assert.ThrowsAny<Exception>(() => Planted(fault).Run(report.Failure.Input));
        }
    }

    [Fact]
    public void Run_SameSeed_IsTheSameRun()
    {
        using Laboratory laboratory = new();
        (long, int, string)[] runs = [.. new ulong[] { 7, 7, 8 }.Select(seed =>
        {
            using Fuzzer fuzzer = laboratory.Fuzzer(new PacketTarget(), seed);
            FuzzReport report = fuzzer.Run(20_000, TimeSpan.MaxValue);
            Assert.Equal(20_000, report.Inputs);
            return (report.Accepted, report.Features, string.Concat(fuzzer.Kept.Select(Convert.ToHexString)));
        })];
        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
    }

    [Fact]
    public void Mutate_AnyInput_StaysInItsRoomAndChangesMost()
    {
        FuzzRandom random = new(4);
        Mutator mutator = new(random, [[1, 2, 3], []]);
        byte[] room = new byte[40], other = [9, 8, 7];
        int changed = 0;
        for (int i = 0; i < 100_000; i++)
        {
            int size = random.Below(room.Length + 1);
            room.AsSpan().Clear();
            int now = mutator.Mutate(room, size, other);
            Assert.InRange(now, 0, room.Length);
            if (now != size || room.AsSpan(0, now).IndexOfAnyExcept((byte)0) >= 0)
                changed++;
        }
        Assert.InRange(changed, 80_000, 100_000);
    }

    [Fact]
    public void Below_ManyNumbers_AreEvenlySpread()
    {
        FuzzRandom random = FuzzRandom.For(1, "target");
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
            counts[random.Below(10)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.NotEqual(FuzzRandom.For(1, "a").Next(), FuzzRandom.For(1, "b").Next());
    }

    [Fact]
    public void Inside_ViewThatReachesOut_IsBroken()
    {
        byte[] all = new byte[10];
        Expect.Inside(all.AsSpan(2, 5), all.AsSpan(2, 5));
        Expect.Inside(all.AsSpan(2, 5), default);
        Assert.Throws<BrokenInvariantException>(() => Expect.Inside(all.AsSpan(2, 5), all.AsSpan(2, 6)));
        Assert.Throws<BrokenInvariantException>(() => Expect.Inside(all.AsSpan(2, 5), all.AsSpan(1, 2)));
        Assert.Throws<BrokenInvariantException>(() => Expect.Inside(all.AsSpan(2, 5), all.AsSpan(8, 1)));
    }

    private static FuzzTarget Planted(string fault) => PlantedTargets.Create().Single(target => target.Name == fault);
}
