using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="ObservationRecord"/>: decode then encode is the identity.</summary>
internal sealed class ObservationRecordTarget : FuzzTarget
{
    public override string Name => "observation-record";
    public override int LargestInput => 160;
    public override IEnumerable<byte[]> Seeds => [Record(ObservationVerdict.Accepted, 40), Record(ObservationVerdict.Clear, 24), FrameRecord()];

    /// <summary>A record with an option of this size.</summary>
    public static byte[] Record(ObservationVerdict verdict, byte optionLength)
    {
        byte[] record = new byte[ObservationRecord.Size];
        ObservationRecord.Write(record, new Observation(
            Samples.Flow, 1_700_000_000_000_000_000, verdict, 3, 61, 40, 0x18, 7, 0xbeef, true, 8, 9, optionLength,
            OptionBytes.From(Samples.Pdm(0x1e, (byte)(optionLength - 2)))));
        return record;
    }

    /// <summary>A record with a udp-frame.</summary>
    public static byte[] FrameRecord()
    {
        byte[] record = new byte[ObservationRecord.FrameSize];
        Record(ObservationVerdict.NotAhead, 40).CopyTo(record, 0);
        record[62] = UdpFrame.PdmFrameSize;
        record[63] = (byte)ObservationCarriage.UdpFrame << 1;
        return record;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!ObservationRecord.TryRead(input, out Observation observation))
            return new FuzzOutcome(false, Math.Min(input.Length, ObservationRecord.FrameSize + 1));
        int size = ObservationRecord.SizeOf(observation);
        Span<byte> again = stackalloc byte[size];
        ObservationRecord.Write(again, observation);
        Expect.Equal(input[..63], again[..63], "decode then encode is the identity");
        Expect.That(again[63] == (input[63] & 0xf), "reserved flags are sent as 0");
        Expect.Equal(input[64..size], again[64..], "decode then encode is the identity");
        Expect.That(observation.OptionOctets.Length == observation.OptionLength, "lengths add up");
        return new FuzzOutcome(true, 1000 + (int)observation.Verdict * 64 + observation.OptionLength);
    }
}
