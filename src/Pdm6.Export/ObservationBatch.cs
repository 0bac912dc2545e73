using System.Buffers.Binary;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Export;

/// <summary>
/// What one <c>POST /v1/observations</c> carries, network byte order. A batch is idempotent: a collector takes each
/// (incarnation, number) once, so a sender that is not sure may send it again.
/// <code>
///   0 "pdm6obs1" | 8 incarnation id 16 | 24 batch number u64 | 32 count u32 | 36 count x ObservationRecord
/// </code>
/// </summary>
public static class ObservationBatch
{
    /// <summary>Octets before the first record.</summary>
    public const int HeaderSize = 36;
    /// <summary>The most observations that one batch may carry.</summary>
    public const int MaxCount = 4096;
    /// <summary>Octets of the largest batch.</summary>
    public const int MaxSize = HeaderSize + MaxCount * ObservationRecord.FrameSize;

    private static ReadOnlySpan<byte> Magic => "pdm6obs1"u8;

    /// <summary>Octets of a batch of <paramref name="count"/> observations without udp-frames among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative count or more than <see cref="MaxCount"/>.</exception>
    public static int SizeOf(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        return HeaderSize + count * ObservationRecord.Size;
    }

    /// <summary>Octets of a batch of these observations.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxCount"/>.</exception>
    public static int SizeOf(ReadOnlySpan<Observation> observations)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(observations.Length, MaxCount, nameof(observations));
        int size = HeaderSize;
        foreach (ref readonly Observation observation in observations)
            size += ObservationRecord.SizeOf(observation);
        return size;
    }

    /// <summary>Writes a batch and returns its octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Too many observations, or a destination that is too short.</exception>
    public static int Write(
        Span<byte> destination, IncarnationId incarnation, ulong number, ReadOnlySpan<Observation> observations)
    {
        int size = SizeOf(observations);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, size);
        Magic.CopyTo(destination);
        incarnation.Write(destination[8..]);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], number);
        BinaryPrimitives.WriteUInt32BigEndian(destination[32..], (uint)observations.Length);
        int offset = HeaderSize;
        foreach (ref readonly Observation observation in observations)
        {
            ObservationRecord.Write(destination[offset..], observation);
            offset += ObservationRecord.SizeOf(observation);
        }
        return size;
    }

    /// <summary>Reads the front of a batch and checks that its length can fit its count.</summary>
    /// <param name="batch">The whole body.</param>
    /// <param name="header">Whose it is, its number, and how many observations follow.</param>
    /// <param name="error">What is wrong with it, when the answer is false.</param>
    public static bool TryReadHeader(ReadOnlySpan<byte> batch, out ObservationBatchHeader header, out string error)
    {
        header = default;
        if (batch.Length < HeaderSize || !batch.StartsWith(Magic))
        {
            error = "not an observation batch: it does not begin with \"pdm6obs1\" and a header of 36 octets";
            return false;
        }
        uint count = BinaryPrimitives.ReadUInt32BigEndian(batch[32..]);
        int size = batch.Length - HeaderSize;
        if (count > MaxCount || size < count * ObservationRecord.Size || size > count * ObservationRecord.FrameSize)
        {
            error = $"a batch of {batch.Length} octets cannot hold {count} observations (at most {MaxCount} of {ObservationRecord.Size} octets, udp-frames of {ObservationRecord.FrameSize})";
            return false;
        }
        header = new ObservationBatchHeader(
            IncarnationId.Read(batch[8..]), BinaryPrimitives.ReadUInt64BigEndian(batch[24..]), (int)count);
        error = "";
        return true;
    }

    /// <summary>Reads all observations of a batch whose header was read.</summary>
    /// <param name="batch">The whole body.</param>
    /// <param name="header">What <see cref="TryReadHeader"/> gave for it.</param>
    /// <param name="observations">Room for at least <see cref="ObservationBatchHeader.Count"/> of them.</param>
    /// <param name="error">What is wrong, when the answer is false.</param>
    public static bool TryReadObservations(
        ReadOnlySpan<byte> batch, in ObservationBatchHeader header, Span<Observation> observations, out string error)
    {
        ReadOnlySpan<byte> rest = batch[HeaderSize..];
        for (int i = 0; i < header.Count; i++)
        {
            if (!ObservationRecord.TryRead(rest, out observations[i]))
            {
                error = $"observation {i} of the batch is cut short, or has an unknown verdict or carriage or an option that is too long for it";
                return false;
            }
            rest = rest[ObservationRecord.SizeOf(observations[i])..];
        }
        error = rest.IsEmpty ? "" : $"{rest.Length} octets are left behind the last observation of the batch";
        return rest.IsEmpty;
    }
}
