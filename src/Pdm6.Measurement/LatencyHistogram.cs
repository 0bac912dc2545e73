using System.Numerics;

namespace Pdm6.Measurement;

/// <summary>
/// A distribution of times in nanoseconds, 0 to 2^63-1. Buckets are log-linear: every power of two is cut into 64 equal
/// parts, so a bucket is at most 1/64 of its values wide. Count, sum, least and greatest are exact. Memory grows with the
/// spread of the samples, half a kilobyte for each power of two between least and greatest, and never past 30 kB. Two
/// histograms merge without loss. Not safe for concurrent writers.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>
    /// The most by which <see cref="Quantile"/> can be off, relative to the true sample at that rank: half a bucket,
    /// 1/128, under 0.8 %. Samples under 128 ns are exact.
    /// </summary>
    public const double RelativeError = 1.0 / (2 * PartsPerOctave);

    internal const int PartBits = 6;
    internal const int PartsPerOctave = 1 << PartBits;
    internal const int Buckets = (63 - PartBits + 1) * PartsPerOctave;

    /// <summary>Counts of the buckets from <see cref="_firstBucket"/> on, a whole number of octaves.</summary>
    private ulong[] _counts = [];
    private int _firstBucket;
    private long _least = long.MaxValue;
    private long _greatest;

    /// <summary>Samples added.</summary>
    public ulong Count { get; private set; }
    /// <summary>Their exact sum, nanoseconds.</summary>
    public UInt128 SumNs { get; private set; }
    /// <summary>The least sample, nanoseconds; 0 if there is none.</summary>
    public long LeastNs => Count == 0 ? 0 : _least;
    /// <summary>The greatest sample, nanoseconds; 0 if there is none.</summary>
    public long GreatestNs => _greatest;
    /// <summary>The mean, nanoseconds; 0 if there is no sample.</summary>
    public double MeanNs => Count == 0 ? 0 : (double)SumNs / Count;

    /// <summary>Every bucket that is not empty, rising.</summary>
    public IEnumerable<HistogramBucket> NonEmptyBuckets => UsedBuckets.Select(
        used => new HistogramBucket(LowestOf(used.Bucket), 1L << Math.Max(0, used.Bucket / PartsPerOctave - 1), used.Count));

    /// <summary>The same by their numbers.</summary>
    internal IEnumerable<(int Bucket, ulong Count)> UsedBuckets
    {
        get
        {
            for (int i = 0; i < _counts.Length; i++)
                if (_counts[i] != 0)
                    yield return (_firstBucket + i, _counts[i]);
        }
    }

    /// <summary>Adds one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    public void Add(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        int place = BucketOf(nanoseconds) - _firstBucket;
        if ((uint)place >= (uint)_counts.Length)
        {
            Reach(place + _firstBucket);
            place = BucketOf(nanoseconds) - _firstBucket;
        }
        _counts[place]++;
        Count++;
        SumNs += (ulong)nanoseconds;
        _least = Math.Min(_least, nanoseconds);
        _greatest = Math.Max(_greatest, nanoseconds);
    }

    /// <summary>Adds all samples of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
            return;
        Reach(BucketOf(other._least));
        Reach(BucketOf(other._greatest));
        foreach ((int bucket, ulong count) in other.UsedBuckets)
            _counts[bucket - _firstBucket] += count;
        Count += other.Count;
        SumNs += other.SumNs;
        _least = Math.Min(_least, other._least);
        _greatest = Math.Max(_greatest, other._greatest);
    }

    /// <summary>Takes out every sample.</summary>
    public void Clear()
    {
        _counts = [];
        Count = 0;
        SumNs = 0;
        _least = long.MaxValue;
        _greatest = 0;
    }

    /// <summary>
    /// The sample that at least the share <paramref name="p"/> of all samples does not exceed (nearest rank), within
    /// <see cref="RelativeError"/>; 0 if there is none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not within 0 and 1.</exception>
    public long Quantile(double p)
    {
        if (!(p is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A quantile lies within 0 and 1.");
        if (Count == 0)
            return 0;
        ulong rank = Math.Clamp((ulong)Math.Ceiling(p * Count), 1, Count);
        if (rank == Count)
            return _greatest;
        ulong seen = 0;
        int place = -1;
        while (seen < rank)
            seen += _counts[++place];
        return Math.Clamp(MiddleOf(_firstBucket + place), _least, _greatest);
    }

    internal static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < PartsPerOctave)
            return (int)nanoseconds;
        int shift = BitOperations.Log2((ulong)nanoseconds) - PartBits;
        return (shift + 1) * PartsPerOctave + (int)((nanoseconds >> shift) & (PartsPerOctave - 1));
    }

    internal static long LowestOf(int bucket)
    {
        int shift = Math.Max(0, bucket / PartsPerOctave - 1);
        return ((long)bucket - (long)shift * PartsPerOctave) << shift;
    }

    private static long MiddleOf(int bucket)
    {
        int shift = Math.Max(0, bucket / PartsPerOctave - 1);
        return LowestOf(bucket) + ((1L << shift) - 1) / 2;
    }

    /// <summary>Takes over what a serialised histogram said; the caller has checked that the parts agree.</summary>
    internal static LatencyHistogram FromParts(
        IEnumerable<(int Bucket, ulong Count)> buckets, ulong count, UInt128 sumNs, long leastNs, long greatestNs)
    {
        LatencyHistogram histogram = new() { Count = count, SumNs = sumNs };
        if (count == 0)
            return histogram;
        (histogram._least, histogram._greatest) = (leastNs, greatestNs);
        histogram.Reach(BucketOf(leastNs));
        histogram.Reach(BucketOf(greatestNs));
        foreach ((int bucket, ulong ofBucket) in buckets)
            histogram._counts[bucket - histogram._firstBucket] = ofBucket;
        return histogram;
    }

    /// <summary>Widens the counts, by whole octaves, so that they hold a bucket.</summary>
    private void Reach(int bucket)
    {
        int first = bucket / PartsPerOctave * PartsPerOctave;
        int end = first + PartsPerOctave;
        if (_counts.Length > 0)
        {
            first = Math.Min(first, _firstBucket);
            end = Math.Max(end, _firstBucket + _counts.Length);
        }
        if (end - first == _counts.Length)
            return;
        ulong[] wider = new ulong[end - first];
        _counts.CopyTo(wider, _counts.Length > 0 ? _firstBucket - first : 0);
        (_counts, _firstBucket) = (wider, first);
    }
}
