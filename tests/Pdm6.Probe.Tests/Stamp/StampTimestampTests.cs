using Pdm6.Probe.Stamp;

namespace Pdm6.Probe.Tests.Stamp;

public class StampTimestampTests
{
    private const ulong Now = 1_763_700_000_123_456_789;

    [Theory]
    [InlineData(0UL, 0x83AA7E80_00000000UL)] // 1970 is 2,208,988,800 s after 1900
    [InlineData(500_000_000UL, 0x83AA7E80_80000000UL)]
    [InlineData(1_000_000_000UL, 0x83AA7E81_00000000UL)]
    public void Ntp_KnownInstants_AreWrittenAsRfc5905Says(ulong unixNs, ulong expected)
    {
        Assert.Equal(expected, StampTimestamp.Write(unixNs, StampTimestampFormat.Ntp));
    }

    [Fact]
    public void Ptp_Instant_IsSecondsAndNanoseconds()
    {
        Assert.Equal(1_763_700_000UL << 32 | 123_456_789, StampTimestamp.Write(Now, StampTimestampFormat.Ptp));
    }

    [Theory]
    [InlineData(StampTimestampFormat.Ntp)]
    [InlineData(StampTimestampFormat.Ptp)]
    public void Instant_WrittenAndRead_IsTheSameToTheNanosecond(StampTimestampFormat format)
    {
        for (ulong ns = 0; ns < 1_000_000_000; ns += 999_983)
        {
            ulong instant = Now / 1_000_000_000 * 1_000_000_000 + ns;
            Assert.Equal(instant, StampTimestamp.Read(StampTimestamp.Write(instant, format), format, Now));
        }
    }

    [Theory]
    [InlineData(StampTimestampFormat.Ntp, 2_085_978_495UL)] // 2036-02-07T06:28:15Z, the last second of the first NTP era
    [InlineData(StampTimestampFormat.Ptp, 4_294_967_295UL)]
    public void Instant_AcrossTheTurnOfTheSeconds_IsReadRight(StampTimestampFormat format, ulong lastSecond)
    {
        ulong before = lastSecond * 1_000_000_000, after = before + 1_500_000_000;

        Assert.Equal(after, StampTimestamp.Read(StampTimestamp.Write(after, format), format, before));
        Assert.Equal(before, StampTimestamp.Read(StampTimestamp.Write(before, format), format, after));
    }
}
