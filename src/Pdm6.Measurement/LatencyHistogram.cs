using System.Numerics;

namespace Pdm6.Measurement;

/// <summary>
/// A distribution of times in nanoseconds, 0 to 2^63-1. Buckets are log-linear: every power of two is cut into 64 equal
/// parts, so a bucket is at most 1/64 of its values wide. Count, sum, least and greatest are exact. Memory: two octets for
/// each of a few samples; of more, half a kilobyte for each power of two in which there are any, and never more than 30 kB.
/// Two histograms merge without loss. Not safe for concurrent writers.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>
    /// The most by which <see cref="Quantile"/> can be off, relative to the true sample at that rank: half a bucket,
    /// 1/128, under 0.8 %. Samples under 128 ns are exact.
    /// </summary>
    public const double RelativeError = 1.0 / (2 * PartsPerOctave);

    internal const int PartBits = OctaveCounts.PartBits;
    internal const int PartsPerOctave = OctaveCounts.PartsPerOctave;
    internal const int Buckets = OctaveCounts.Octaves * PartsPerOctave;

    private const int FirstFew = 8;
    private const int MostFew = 128;

    /// <summary>The buckets of the samples, as long as they are few; empty once <see cref="_counts"/> has them.</summary>
    private ushort[] _few = [];
    private OctaveCounts? _counts;
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
        used => new HistogramBucket(LowestOf(used.Bucket), 1L << ShiftOf(used.Bucket), used.Count));

    /// <summary>The same by their numbers.</summary>
    internal IEnumerable<(int Bucket, ulong Count)> UsedBuckets => _counts is { } counts
        ? counts.UsedBuckets
        : _few.Take((int)Count).CountBy(bucket => bucket).OrderBy(used => used.Key)
            .Select(used => ((int)used.Key, (ulong)used.Value));

    /// <summary>Reads a little of itself: called for several histograms before the first of them is used, it lets the memory
    /// answer for all at the same time.</summary>
    /// <returns>Of no meaning; who throws it away throws the reading away.</returns>
    public ulong Fetch() => Count + (ulong)_least + (ulong)_greatest + (ulong)SumNs;

    /// <summary>The same for where the next sample will be counted.</summary>
    /// <returns>Of no meaning.</returns>
    public ulong FetchFurther() => _counts is { } counts ? counts.Fetch() : (int)Count < _few.Length ? _few[(int)Count] : 0ul;

    /// <summary>Adds one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    public void Add(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        int bucket = BucketOf(nanoseconds);
        if (_counts is { } counts)
            counts.At(bucket)++;
        else
            AddToFew(bucket);
        Count++;
        SumNs += (ulong)nanoseconds;
        _least = Math.Min(_least, nanoseconds);
        _greatest = Math.Max(_greatest, nanoseconds);
    }

    /// <summary>Adds all samples of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._counts is { } others)
            Spread().Add(others);
        else
            AddFew(other.Few());
        Count += other.Count;
        SumNs += other.SumNs;
        _least = Math.Min(_least, other._least);
        _greatest = Math.Max(_greatest, other._greatest);
    }

    /// <summary>Takes out every sample.</summary>
    public void Clear()
    {
        _few = [];
        _counts = null;
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
        int bucket = _counts is { } counts ? counts.BucketOfRank(rank) : FewOfRank((int)rank);
        return Math.Clamp(MiddleOf(bucket), _least, _greatest);
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
        int shift = ShiftOf(bucket);
        return ((long)bucket - (long)shift * PartsPerOctave) << shift;
    }

    /// <summary>Takes over what a serialised histogram said; the caller has checked that the parts agree.</summary>
    internal static LatencyHistogram FromParts(
        IEnumerable<(int Bucket, ulong Count)> buckets, ulong count, UInt128 sumNs, long leastNs, long greatestNs)
    {
        LatencyHistogram histogram = new() { Count = count, SumNs = sumNs };
        if (count == 0)
            return histogram;
        (histogram._least, histogram._greatest) = (leastNs, greatestNs);
        histogram._counts = new OctaveCounts();
        foreach ((int bucket, ulong ofBucket) in buckets)
            histogram._counts.At(bucket) = ofBucket;
        return histogram;
    }

    private static int ShiftOf(int bucket) => Math.Max(0, bucket / PartsPerOctave - 1);

    private static long MiddleOf(int bucket) => LowestOf(bucket) + ((1L << ShiftOf(bucket)) - 1) / 2;

    private ReadOnlySpan<ushort> Few() => _few.AsSpan(0, (int)Count);

    private int FewOfRank(int rank)
    {
        Span<ushort> sorted = stackalloc ushort[MostFew];
        sorted = sorted[..(int)Count];
        Few().CopyTo(sorted);
        sorted.Sort();
        return sorted[rank - 1];
    }

    private void AddFew(ReadOnlySpan<ushort> buckets)
    {
        if (_counts is null && Count + (ulong)buckets.Length <= MostFew)
        {
            _few = [.. Few(), .. buckets];
            return;
        }
        OctaveCounts counts = Spread();
        foreach (ushort bucket in buckets)
            counts.At(bucket)++;
    }

    private void AddToFew(int bucket)
    {
        if (Count == MostFew)
        {
            Spread().At(bucket)++;
            return;
        }
        if ((int)Count == _few.Length)
            Array.Resize(ref _few, _few.Length == 0 ? FirstFew : MostFew);
        _few[(int)Count] = (ushort)bucket;
    }

    /// <summary>The samples are no longer few.</summary>
    private OctaveCounts Spread()
    {
        if (_counts is { } known)
            return known;
        OctaveCounts counts = new();
        foreach (ushort bucket in Few())
            counts.At(bucket)++;
        (_counts, _few) = (counts, []);
        return counts;
    }
}
