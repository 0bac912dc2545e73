using System.Buffers.Binary;
using Pdm6.Export;
using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="ObservationBatch"/>: decode then encode is the identity.</summary>
internal sealed class ObservationBatchTarget : FuzzTarget
{
    private readonly Observation[] _observations = new Observation[16];
    private readonly byte[] _again = new byte[2048];

    public override string Name => "observation-batch";
    public override int LargestInput => 1024;
    public override bool AllocatesNothing => false; // what is wrong is said in a sentence

    public override IEnumerable<byte[]> Seeds => [Batch(0), Batch(1), Batch(3), FrameBatch()];
    public override IReadOnlyList<byte[]> Tokens => [[.. "pdm6obs1"u8], ObservationRecordTarget.Record(ObservationVerdict.NoKey, 24)[..64]];

    /// <summary>Makes the count right, if a whole number of records is there.</summary>
    public override int Repair(Span<byte> room, int size)
    {
        if (size < ObservationBatch.HeaderSize)
            return size;
        int count = (size - ObservationBatch.HeaderSize) / ObservationRecord.Size;
        "pdm6obs1"u8.CopyTo(room);
        BinaryPrimitives.WriteUInt32BigEndian(room[32..], (uint)count);
        return ObservationBatch.SizeOf(count);
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!ObservationBatch.TryReadHeader(input, out ObservationBatchHeader header, out string error))
        {
            Expect.That(error.Length > 0, "what is wrong is said");
            return new FuzzOutcome(false, Math.Min(input.Length, 37));
        }
        Expect.That(input.Length >= ObservationBatch.SizeOf(header.Count), "lengths add up");
        if (!ObservationBatch.TryReadObservations(input, header, _observations, out error))
        {
            Expect.That(error.Length > 0, "what is wrong is said");
            return new FuzzOutcome(false, 100 + header.Count);
        }
        Span<byte> again = _again;
        int size = ObservationBatch.Write(again, header.Incarnation, header.Number, _observations.AsSpan(0, header.Count));
        // Reserved flags of a record are sent as 0.
        int record = ObservationBatch.HeaderSize;
        for (int i = 0; i < header.Count; i++)
        {
            again[record + 63] = input[record + 63];
            record += ObservationRecord.SizeOf(_observations[i]);
        }
        Expect.That(input.Length == record && size == record, "lengths add up");
        Expect.Equal(input, again[..size], "decode then encode is the identity");
        return new FuzzOutcome(true, 200 + header.Count);
    }

    private static byte[] FrameBatch()
    {
        byte[] batch = [.. Batch(1), .. ObservationRecordTarget.FrameRecord()];
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(32), 2);
        return batch;
    }

    private static byte[] Batch(int count)
    {
        byte[] batch = new byte[ObservationBatch.SizeOf(count)];
        ObservationBatch.Write(batch, new(0x0102030405060708), 9, new Observation[count]);
        for (int i = 0; i < count; i++)
            ObservationRecordTarget.Record(ObservationVerdict.NoKey, 40)
                .CopyTo(batch, ObservationBatch.HeaderSize + i * ObservationRecord.Size);
        return batch;
    }
}
