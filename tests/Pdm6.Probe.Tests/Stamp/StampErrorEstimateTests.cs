using Pdm6.Probe.Stamp;

namespace Pdm6.Probe.Tests.Stamp;

public class StampErrorEstimateTests
{
    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(1_000L)]
    [InlineData(123_456_789L)]
    [InlineData(16_000_000_000L)]
    public void Estimate_OfABound_IsNeverBelowItAndNotFarAbove(long errorNs)
    {
        StampErrorEstimate estimate = StampErrorEstimate.Create(errorNs, StampTimestampFormat.Ntp);

        Assert.InRange(estimate.ErrorNs!.Value, errorNs, errorNs + errorNs / 64 + 1);
        Assert.NotEqual(0, estimate.Value & 0xff);
        Assert.Equal(0x8000, estimate.Value & 0x8000);
    }

    [Fact]
    public void Estimate_OfAClockThatNobodySets_SaysSoAndItsMultiplierIsNotZero()
    {
        StampErrorEstimate estimate = StampErrorEstimate.Create(null, StampTimestampFormat.Ptp);

        Assert.Null(estimate.ErrorNs);
        Assert.Equal(0x4001, estimate.Value);
        Assert.Equal(StampTimestampFormat.Ptp, estimate.Format);
    }

    [Fact]
    public void Estimate_OneSecond_IsScaleAndMultiplierOfRfc4656()
    {
        // 2^32 units of 2^-32 s: 128 * 2^25
        Assert.Equal(0x8000 | 25 << 8 | 128, StampErrorEstimate.Create(1_000_000_000, StampTimestampFormat.Ntp).Value);
    }

    [Fact]
    public void Estimate_OfTheLargestScale_DoesNotOverflow()
    {
        Assert.Equal(long.MaxValue, new StampErrorEstimate(0xbfff).ErrorNs);
    }
}
