using System.Numerics;

namespace Pdm6.Wire.Tests;

public sealed class PdmTimeTests
{
    private const long Billion = 1_000_000_000;

    // The table of RFC 8250.
    [Theory]
    [InlineData(1_000L, 0xe8d4, 24)] // 1 us
    [InlineData(1_000_000L, 0x38d7, 36)] // 1 ms; one step below the normalised form
    [InlineData(1_000_000_000L, 0xde0b, 44)] // 1 s
    [InlineData(86_400_000_000_000L, 0x124b, 64)] // 1 day
    public void ToNanoseconds_TableOfRfc8250_DecodesToWithinItsRounding(long nanoseconds, ushort value, byte scale)
    {
        long decoded = new PdmTime(value, scale).ToNanoseconds();
        // The table rounds: the step of the scale bounds the error either way.
        BigInteger step = BigInteger.Max(1, (BigInteger.One << scale) / Billion + 1);
        Assert.InRange(new BigInteger(decoded), nanoseconds - step, nanoseconds + step);
    }

    [Theory]
    [InlineData(0UL, 0, 0)]
    [InlineData(1UL, 0xee6b, 14)] // 10^9 as
    [InlineData(1_000UL, 0xe8d4, 24)]
    [InlineData(1_000_000UL, 0xe35f, 34)]
    [InlineData(1_000_000_000UL, 0xde0b, 44)]
    public void FromNanoseconds_Known_IsNormalised(ulong nanoseconds, ushort value, byte scale) =>
        Assert.Equal(new PdmTime(value, scale), PdmTime.FromNanoseconds(nanoseconds));

    [Fact]
    public void FromNanoseconds_AnyTime_EqualsTheReference()
    {
        foreach (ulong nanoseconds in Times())
        {
            BigInteger attoseconds = new BigInteger(nanoseconds) * Billion;
            int scale = 0;
            while (attoseconds >> scale > ushort.MaxValue)
                scale++;
            Assert.Equal(
                new PdmTime((ushort)(attoseconds >> scale), (byte)scale), PdmTime.FromNanoseconds(nanoseconds));
        }
    }

    // For a kernel without 128-bit integers: the protocol reference, section 2.
    [Fact]
    public void FromNanoseconds_AnyTime_EqualsThe64BitRecipe()
    {
        foreach (ulong nanoseconds in Times().Where(time => time > 0))
        {
            ulong time = nanoseconds;
            int scale = 9;
            if (time >= 1UL << 43)
            {
                time >>= 21;
                scale += 21;
            }
            ulong scaled = time * 1_953_125; // 5^9
            int excess = Math.Max(-scale, BitOperations.Log2(scaled) + 1 - 16);
            ushort value = (ushort)(excess >= 0 ? scaled >> excess : scaled << -excess);
            PdmTime recipe = new(value, (byte)(scale + excess));
            PdmTime exact = PdmTime.FromNanoseconds(nanoseconds);
            // Shifting first may lose one unit of the last place of 16 bits, never the scale or more.
            Assert.Equal(exact.Scale, recipe.Scale);
            Assert.InRange(exact.Value - recipe.Value, 0, nanoseconds < 1UL << 43 ? 0 : 1);
        }
    }

    [Fact]
    public void ToNanoseconds_EveryScale_EqualsTheReference()
    {
        ushort[] values = [0, 1, 2, 3, 255, 256, 0x38d7, 0x7fff, 0x8000, 0xde0b, 0xfffe, 0xffff];
        for (int scale = 0; scale <= byte.MaxValue; scale++)
            foreach (ushort value in values)
            {
                BigInteger exact = (new BigInteger(value) << scale) / Billion;
                Assert.Equal(
                    (long)BigInteger.Min(exact, long.MaxValue), new PdmTime(value, (byte)scale).ToNanoseconds());
            }
    }

    [Fact]
    public void ToNanoseconds_RandomValues_EqualTheReference()
    {
        Random random = new(8250);
        for (int i = 0; i < 100_000; i++)
        {
            PdmTime time = new((ushort)random.Next(65536), (byte)random.Next(256));
            BigInteger exact = (new BigInteger(time.Value) << time.Scale) / Billion;
            Assert.Equal((long)BigInteger.Min(exact, long.MaxValue), time.ToNanoseconds());
        }
    }

    [Fact]
    public void RoundTrip_AnyTime_IsShortByAtMostTheUncertainty()
    {
        foreach (ulong nanoseconds in Times().Where(time => time <= long.MaxValue))
        {
            PdmTime time = PdmTime.FromNanoseconds(nanoseconds);
            long shortfall = (long)nanoseconds - time.ToNanoseconds();
            Assert.InRange(shortfall, 0, time.UncertaintyNanoseconds());
        }
    }

    // The true time may be any attosecond that encodes to the value, not only a whole nanosecond.
    [Fact]
    public void UncertaintyNanoseconds_EveryScale_CoversTheLatestTrueTimeAndLittleMore()
    {
        // From scale 77 on the largest values saturate.
        for (int scale = 0; scale <= 76; scale++)
        {
            BigInteger most = 0;
            for (int value = 1; value <= ushort.MaxValue; value += 61)
            {
                BigInteger latest = (new BigInteger(value + 1) << scale) - 1;
                BigInteger shortfall = latest - new BigInteger(new PdmTime((ushort)value, (byte)scale).ToNanoseconds()) * Billion;
                most = BigInteger.Max(most, shortfall);
            }
            long bound = new PdmTime(1, (byte)scale).UncertaintyNanoseconds();
            Assert.True(most <= new BigInteger(bound) * Billion, $"scale {scale}");
            Assert.True(most > (new BigInteger(bound) - 2) * Billion, $"scale {scale}");
        }
    }

    [Fact]
    public void UncertaintyNanoseconds_LargestScaleThatDoesNotSaturate_IsExact() => Assert.Equal(
        (long)(((BigInteger.One << 92) - 1 + (Billion - 1) + (Billion - 1)) / Billion), new PdmTime(1, 92).UncertaintyNanoseconds());

    [Theory]
    [InlineData(93)]
    [InlineData(94)]
    [InlineData(255)]
    public void UncertaintyNanoseconds_HugeScale_Saturates(byte scale) =>
        Assert.Equal(long.MaxValue, new PdmTime(1, scale).UncertaintyNanoseconds());

    [Fact]
    public void IsZero_Value_DecidesAlone()
    {
        Assert.True(new PdmTime(0, 200).IsZero);
        Assert.False(new PdmTime(1, 0).IsZero);
    }

    private static IEnumerable<ulong> Times()
    {
        for (int bit = 0; bit < 64; bit++)
            for (int offset = -2; offset <= 2; offset++)
                yield return (1UL << bit) + (ulong)offset;
        Random random = new(82501);
        for (int i = 0; i < 50_000; i++)
            yield return (ulong)random.NextInt64() << 1 >> random.Next(64);
    }
}
