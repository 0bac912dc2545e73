namespace Pdm6.Measurement.Tests;

public class LatencyHistogramTests
{
    private static readonly double[] Shares = [0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1];

    private static LatencyHistogram Of(IEnumerable<long> samples)
    {
        LatencyHistogram histogram = new();
        foreach (long sample in samples)
            histogram.Add(sample);
        return histogram;
    }

    /// <summary>Samples of every size that a long can have.</summary>
    private static long[] RandomSamples(int seed, int count)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt64() >> random.Next(63))];
    }

    private static void AreEqual(LatencyHistogram expected, LatencyHistogram actual)
    {
        Assert.Equal((expected.Count, expected.SumNs, expected.LeastNs, expected.GreatestNs),
            (actual.Count, actual.SumNs, actual.LeastNs, actual.GreatestNs));
        Assert.All(Shares, p => Assert.Equal(expected.Quantile(p), actual.Quantile(p)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Quantile_SamplesOfEverySize_IsWithinTheStatedError(int seed)
    {
        long[] samples = RandomSamples(seed, 5000);
        LatencyHistogram histogram = Of(samples);
        Array.Sort(samples);

        foreach (double p in Shares)
        {
            double exact = samples[Math.Max(0, (int)Math.Ceiling(p * samples.Length) - 1)];
            Assert.InRange(histogram.Quantile(p),
                exact * (1 - LatencyHistogram.RelativeError), exact * (1 + LatencyHistogram.RelativeError));
        }
        Assert.True(LatencyHistogram.RelativeError <= 0.01);
        Assert.Equal((samples[0], samples[^1]), (histogram.LeastNs, histogram.GreatestNs));
        Assert.Equal(samples.Aggregate(UInt128.Zero, (sum, s) => sum + (ulong)s), histogram.SumNs);
    }

    [Fact]
    public void Quantile_WorstCaseWithinEveryOctave_IsWithinTheStatedError()
    {
        for (int bucket = 0; bucket < LatencyHistogram.Buckets; bucket++)
        {
            long low = LatencyHistogram.LowestOf(bucket);
            Assert.Equal(bucket, LatencyHistogram.BucketOf(low));
            long high = bucket + 1 < LatencyHistogram.Buckets ? LatencyHistogram.LowestOf(bucket + 1) - 1 : long.MaxValue;
            Assert.Equal(bucket, LatencyHistogram.BucketOf(high));
            foreach (long value in (long[])[low, high])
            {
                // Greater and lesser samples around it, so that neither extreme gives the answer away.
                LatencyHistogram histogram = Of([0, value, value, long.MaxValue]);
                Assert.True(Math.Abs((double)histogram.Quantile(0.5) - value) <= value * LatencyHistogram.RelativeError);
            }
        }
    }

    [Fact]
    public void Quantile_SmallSamples_IsExact()
    {
        LatencyHistogram histogram = Of(Enumerable.Range(0, 101).Select(i => (long)i));
        Assert.Equal((0, 50, 99, 100),
            (histogram.Quantile(0), histogram.Quantile(51.0 / 101), histogram.Quantile(100.0 / 101), histogram.Quantile(1)));
        Assert.Equal(50, histogram.MeanNs);
    }

    [Fact]
    public void Histogram_Empty_SaysZero()
    {
        LatencyHistogram histogram = new();
        Assert.Equal((0, 0, 0, 0.0), (histogram.Quantile(0.5), histogram.LeastNs, histogram.GreatestNs, histogram.MeanNs));
    }

    [Fact]
    public void Histogram_Cleared_IsAsNew()
    {
        LatencyHistogram histogram = Of([1, 1_000_000]);
        histogram.Clear();
        AreEqual(new LatencyHistogram(), histogram);
        histogram.Add(5);
        AreEqual(Of([5]), histogram);
    }

    [Fact]
    public void Add_OtherHistogram_IsTheSameAsAllSamplesInOne()
    {
        long[] left = RandomSamples(4, 500), right = RandomSamples(5, 700);
        LatencyHistogram merged = Of(left);
        merged.Add(Of(right));
        merged.Add(new LatencyHistogram());
        AreEqual(Of([.. left, .. right]), merged);
    }

    [Fact]
    public void Add_NegativeTime_IsTheCallersMistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Add(-1));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Quantile_NoShare_IsTheCallersMistake(double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Quantile(p));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    public void Record_WrittenAndRead_IsTheSame(int samples)
    {
        LatencyHistogram histogram = Of(RandomSamples(6, samples));
        Assert.True(LatencyHistogramRecord.TryRead(LatencyHistogramRecord.Write(histogram), out LatencyHistogram? read));
        AreEqual(histogram, read!);
        read!.Add(histogram);
        Assert.Equal(2 * histogram.Count, read.Count);
    }

    [Fact]
    public void Record_OfTypicalDelays_IsSmall()
    {
        Random random = new(7);
        LatencyHistogram histogram = Of(Enumerable.Range(0, 10_000).Select(_ => 20_000_000 + random.NextInt64(2_000_000)));
        Assert.InRange(LatencyHistogramRecord.Write(histogram).Length, 36, 100);
    }

    [Fact]
    public void Record_CutAnywhereOrTooLong_IsRefused()
    {
        byte[] record = LatencyHistogramRecord.Write(Of([3, 1_000, 2_000_000, 2_000_000]));
        for (int length = 0; length < record.Length; length++)
            Assert.False(LatencyHistogramRecord.TryRead(record.AsSpan(0, length), out _));
        Assert.False(LatencyHistogramRecord.TryRead([.. record, 0], out _));
    }

    [Fact]
    public void Record_AnyOctetChanged_IsRefusedOrStillAgrees()
    {
        byte[] record = LatencyHistogramRecord.Write(Of([3, 1_000, 2_000_000, 2_000_000, long.MaxValue]));
        int refused = 0;
        for (int i = 0; i < record.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. record];
                changed[i] = (byte)value;
                if (!LatencyHistogramRecord.TryRead(changed, out LatencyHistogram? histogram))
                    refused++;
                else
                    Assert.All(Shares, p => Assert.InRange(histogram!.Quantile(p), histogram.LeastNs, histogram.GreatestNs));
            }
        }
        Assert.True(refused > record.Length * 128);
    }

    [Fact]
    public void Record_CountNotInItsShortestForm_IsRefused()
    {
        byte[] record = LatencyHistogramRecord.Write(Of([3]));
        byte[] padded = [.. record.AsSpan(0, record.Length - 1), 0x81, 0x00];
        Assert.False(LatencyHistogramRecord.TryRead(padded, out _));
        byte[] zero = [.. record.AsSpan(0, record.Length - 1), 0];
        Assert.False(LatencyHistogramRecord.TryRead(zero, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Add_SamplesOneByOneOrMerged_GivesTheSame(int count)
    {
        long[] samples = RandomSamples(count, count);
        LatencyHistogram whole = Of(samples);
        foreach (int parts in (int[])[1, 2, 7])
        {
            LatencyHistogram merged = new();
            foreach (long[] part in samples.Chunk((count + parts - 1) / parts))
                merged.Add(Of(part));
            AreEqual(whole, merged);
            Assert.Equal(whole.NonEmptyBuckets, merged.NonEmptyBuckets);
        }
        Assert.Equal(whole.Count, whole.NonEmptyBuckets.Aggregate(0ul, (sum, bucket) => sum + bucket.Count));
        Assert.All(samples, sample => Assert.Contains(whole.NonEmptyBuckets,
            bucket => sample >= bucket.FromNs && sample - bucket.FromNs < bucket.WidthNs));
        LatencyHistogram doubled = Of(samples);
        doubled.Add(doubled);
        AreEqual(Of(samples.Concat(samples)), doubled);
    }
}
