namespace Pdm6.Wire.Tests;

public sealed class ObservationRecordTests
{
    [Fact]
    public void RoundTrip_RandomObservations_KeepsEveryField()
    {
        Random random = new(112);
        byte[] record = new byte[ObservationRecord.Size];
        for (int i = 0; i < 20_000; i++)
        {
            Observation observation = NewRandom(random);
            random.NextBytes(record); // nothing of what was there before may stay
            ObservationRecord.Write(record, observation);
            Assert.True(ObservationRecord.TryRead(record, out Observation read));
            Assert.Equal(observation, read);
        }
    }

    [Fact]
    public void RoundTrip_RandomRecords_KeepsEveryOctetButTheSpareFlags()
    {
        Random random = new(1120);
        byte[] record = new byte[ObservationRecord.Size], again = new byte[ObservationRecord.Size];
        int taken = 0;
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(record);
            record[34] = (byte)random.Next(12);
            record[62] = (byte)random.Next(48);
            bool valid = record[34] <= 9 && record[62] <= 40 && (record[63] >> 1 & 7) <= 4;
            Assert.Equal(valid, ObservationRecord.TryRead(record, out Observation observation));
            if (!valid)
                continue;
            taken++;
            ObservationRecord.Write(again, observation);
            record[63] &= 0x0f;
            Assert.Equal(record, again);
        }
        Assert.InRange(taken, 1, 19_999);
    }

    [Fact]
    public void Write_Fields_AreWhereTheDiagramSays()
    {
        byte[] option = [.. Enumerable.Range(0xc0, 40).Select(i => (byte)i)];
        Observation observation = new(
            new FlowKey(Ipv6Address.Parse("2001:db8::a"), Ipv6Address.Parse("2001:db8::b"), 0x11, 0x2233, 0x4455),
            0x0102030405060708, ObservationVerdict.NoKey, 0x6162, 0x40, 0x7172, 0x18, 0x81828384, 0x9192, true,
            0xa1a2a3a4, 0xb1b2b3b4b5b6b7b8, 40, OptionBytes.From(option));
        byte[] record = new byte[ObservationRecord.Size];
        ObservationRecord.Write(record, observation);
        Assert.Equal(
            "20010db800000000000000000000000a20010db800000000000000000000000b"
            + "11400318" + "22334455" + "7172" + "9192" + "81828384" + "0102030405060708" + "a1a2a3a4"
            + "6162" + "28" + "01" + "b1b2b3b4b5b6b7b8" + Convert.ToHexStringLower(option),
            Convert.ToHexStringLower(record));
    }

    [Fact]
    public void RoundTrip_UdpFrame_TakesALongerRecord()
    {
        Random random = new(68);
        byte[] frame = new byte[68], record = new byte[ObservationRecord.FrameSize];
        random.NextBytes(frame);
        Observation observation = NewRandom(random) with
        {
            Carriage = ObservationCarriage.UdpFrame, OptionLength = 68, Option = OptionBytes.From(frame),
        };
        Assert.Equal((140, 112), (ObservationRecord.SizeOf(observation), ObservationRecord.SizeOf(NewRandom(random))));

        ObservationRecord.Write(record, observation);

        Assert.Equal(frame, record[72..]);
        Assert.True(ObservationRecord.TryRead(record, out Observation read));
        Assert.Equal(observation, read);
        Assert.False(ObservationRecord.TryRead(record.AsSpan(0, 139), out _));
        record[62] = 69;
        Assert.False(ObservationRecord.TryRead(record, out _));
    }

    [Fact]
    public void TryRead_EveryShorterSpan_IsRefused()
    {
        byte[] record = new byte[ObservationRecord.Size];
        for (int size = 0; size < record.Length; size++)
        {
            Assert.False(ObservationRecord.TryRead(record.AsSpan(0, size), out Observation observation));
            Assert.Equal(default, observation);
        }
        Assert.True(ObservationRecord.TryRead(record, out _));
    }

    [Fact]
    public void Write_CallersMistakes_Throw()
    {
        Observation good = NewRandom(new Random(3));
        byte[] record = new byte[ObservationRecord.Size];
        Assert.Throws<ArgumentOutOfRangeException>(() => ObservationRecord.Write(record.AsSpan(1), good));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ObservationRecord.Write(record, good with { OptionLength = 41 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ObservationRecord.Write(record, good with { Verdict = (ObservationVerdict)10 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ObservationRecord.Write(record, good with { Carriage = (ObservationCarriage)6 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ObservationRecord.Write(record, good with { Carriage = ObservationCarriage.UdpFrame }));
    }

    [Fact]
    public void OptionOctets_Observation_AreTheOnesInUse()
    {
        Observation observation = NewRandom(new Random(4)) with
        {
            Option = OptionBytes.From([1, 2, 3, 4]),
            OptionLength = 3,
        };
        Assert.Equal([1, 2, 3], observation.OptionOctets.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => (observation with { OptionLength = 69 }).OptionOctets.Length);
    }

    [Fact]
    public void Equality_OptionDiffers_IsSeen()
    {
        Observation observation = NewRandom(new Random(5));
        Assert.Equal(observation, observation with { });
        OptionBytes option = observation.Option;
        option[39] ^= 1;
        Assert.NotEqual(observation, observation with { Option = option });
    }

    [Fact]
    public void OptionBytes_MoreThanFit_IsTheCallersMistake()
    {
        Assert.ThrowsAny<ArgumentException>(() => OptionBytes.From(new byte[69]));
        OptionBytes empty = OptionBytes.From([]);
        Assert.Equal(new byte[68], empty[..].ToArray());
    }

    [Fact]
    public void OptionBytes_Equality_IsByOctets()
    {
        OptionBytes left = OptionBytes.From([1, 2]), right = OptionBytes.From([1, 2, 0]);
        Assert.True(left == right && left.Equals((object)right) && left.GetHashCode() == right.GetHashCode());
        right[39] = 1;
        Assert.True(left != right && !left.Equals((object)right) && !left.Equals("something else"));
    }

    private static Observation NewRandom(Random random)
    {
        byte[] option = new byte[40];
        random.NextBytes(option);
        return new Observation(
            new FlowKey(
                Ipv6Address.Read(Bytes(random)), Ipv6Address.Read(Bytes(random)), (byte)random.Next(256),
                (ushort)random.Next(65536), (ushort)random.Next(65536)),
            (ulong)random.NextInt64() << 1, (ObservationVerdict)random.Next(10), (ushort)random.Next(65536),
            (byte)random.Next(256), (ushort)random.Next(65536), (byte)random.Next(256), (uint)random.NextInt64(),
            (ushort)random.Next(65536), random.Next(2) == 0, (uint)random.NextInt64(), (ulong)random.NextInt64() << 1,
            (byte)random.Next(41), OptionBytes.From(option))
        {
            Carriage = (ObservationCarriage)random.Next(5),
        };
    }

    private static byte[] Bytes(Random random)
    {
        byte[] octets = new byte[16];
        random.NextBytes(octets);
        return octets;
    }
}
