using System.Buffers;
using System.Buffers.Binary;

namespace Pdm6.Measurement;

/// <summary>
/// A <see cref="LatencyHistogram"/> as octets, for storage and for the wire. Network byte order; only buckets in use
/// are written, so that a typical one takes a few hundred octets.
/// <code>
///  0 version u8 = 1 | 1 parts per octave, as a power of two, u8 = 6 | 2 buckets in use u16
///  4 sum u128 | 20 least u64 | 28 greatest u64 | 36 for each bucket, rising: index u16, count as LEB128
/// </code>
/// </summary>
public static class LatencyHistogramRecord
{
    private const byte Version = 1;
    private const int HeaderSize = 36;
    private const int MaxCountSize = 10;

    /// <summary>Writes a histogram.</summary>
    public static byte[] Write(LatencyHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        int used = histogram.UsedBuckets.Count();
        ArrayBufferWriter<byte> writer = new(HeaderSize + used * 4);

        Span<byte> header = writer.GetSpan(HeaderSize);
        header[0] = Version;
        header[1] = LatencyHistogram.PartBits;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)used);
        BinaryPrimitives.WriteUInt128BigEndian(header[4..], histogram.SumNs);
        BinaryPrimitives.WriteInt64BigEndian(header[20..], histogram.LeastNs);
        BinaryPrimitives.WriteInt64BigEndian(header[28..], histogram.GreatestNs);
        writer.Advance(HeaderSize);

        foreach ((int bucket, ulong count) in histogram.UsedBuckets)
        {
            Span<byte> span = writer.GetSpan(2 + MaxCountSize);
            BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)bucket);
            writer.Advance(2 + WriteCount(span[2..], count));
        }
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. False for anything else, whose parts disagree included.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out LatencyHistogram? histogram)
    {
        histogram = null;
        if (octets.Length < HeaderSize || octets[0] != Version || octets[1] != LatencyHistogram.PartBits)
            return false;
        int used = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        UInt128 sum = BinaryPrimitives.ReadUInt128BigEndian(octets[4..]);
        long least = BinaryPrimitives.ReadInt64BigEndian(octets[20..]);
        long greatest = BinaryPrimitives.ReadInt64BigEndian(octets[28..]);

        List<(int Bucket, ulong Count)> buckets = new(Math.Min(used, LatencyHistogram.Buckets));
        UInt128 total = 0;
        int first = -1, last = -1;
        ReadOnlySpan<byte> rest = octets[HeaderSize..];
        for (int i = 0; i < used; i++)
        {
            if (rest.Length < 2)
                return false;
            int bucket = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (bucket <= last || bucket >= LatencyHistogram.Buckets || !TryReadCount(rest[2..], out ulong count, out int size))
                return false;
            buckets.Add((bucket, count));
            total += count;
            first = i == 0 ? bucket : first;
            last = bucket;
            rest = rest[(2 + size)..];
        }
        if (!rest.IsEmpty || total > ulong.MaxValue || !Agree(total, sum, least, greatest, first, last))
            return false;
        histogram = LatencyHistogram.FromParts(buckets, (ulong)total, sum, least, greatest);
        return true;
    }

    private static bool Agree(UInt128 count, UInt128 sum, long least, long greatest, int first, int last)
    {
        if (count == 0)
            return sum == 0 && least == 0 && greatest == 0;
        return least >= 0 && least <= greatest
            && LatencyHistogram.BucketOf(least) == first && LatencyHistogram.BucketOf(greatest) == last
            && sum >= (ulong)least * count && sum <= (ulong)greatest * count;
    }

    private static int WriteCount(Span<byte> destination, ulong count)
    {
        int size = 0;
        for (; count >= 0x80; count >>= 7)
            destination[size++] = (byte)(count | 0x80);
        destination[size++] = (byte)count;
        return size;
    }

    /// <summary>Reads one count above 0 in its shortest form.</summary>
    private static bool TryReadCount(ReadOnlySpan<byte> octets, out ulong count, out int size)
    {
        count = 0;
        for (size = 0; size < Math.Min(octets.Length, MaxCountSize);)
        {
            byte octet = octets[size];
            count |= (ulong)(octet & 0x7f) << (7 * size++);
            if (octet < 0x80)
                return octet > 0 && (size < MaxCountSize || octet == 1);
        }
        return false;
    }
}
