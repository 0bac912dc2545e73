using Pdm6.Cli.Demo;

namespace Pdm6.Cli.Tests.Demo;

public sealed class SentencesTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void For_SlowService_BlamesTheServer() => Assert.Equal(
        "slow: 70.3 ms a request: 20.2 ms network, 50.1 ms server. The server is what takes the time.",
        Sentences.For(Sample.Group("slow", 20_200_000, 50_100_000)));

    [Fact]
    public void For_FastService_BlamesTheNetwork() => Assert.Equal(
        "dns: 20.2 ms a request: 20.1 ms network, 81 us server. The network is what takes the time.",
        Sentences.For(Sample.Group("dns", 20_100_000, 81_000)));

    [Fact]
    public void For_NearlyEqualParts_BlamesNeither() =>
        Assert.EndsWith("about as long as each other.", Sentences.For(Sample.Group("x", 20 * Millisecond, 15 * Millisecond)));

    [Fact]
    public void For_NoSamples_SaysThatNothingWasMeasured()
    {
        Assert.Equal("x: no round trip was measured.", Sentences.For(Sample.Group("x", null, null)));
        Assert.Equal("x: 20.0 ms network; no server delay was measured.", Sentences.For(Sample.Group("x", 20 * Millisecond, null)));
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0L, "0 us")]
    [InlineData(99_499L, "99 us")]
    [InlineData(100_000L, "0.1 ms")]
    [InlineData(9_999_000_000L, "9999.0 ms")]
    [InlineData(10_000_000_000L, "10.0 s")]
    public void DurationText_OfAnyTime_HasTheUnitThatFits(long? nanoseconds, string expected) =>
        Assert.Equal(expected, DurationText.Of(nanoseconds));
}
