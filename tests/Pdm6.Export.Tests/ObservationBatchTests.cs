using System.Buffers.Binary;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Export.Tests;

public sealed class ObservationBatchTests
{
    private static readonly IncarnationId _incarnation = new(UInt128.Parse("112233445566778899"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ObservationBatch.MaxCount)]
    public void TryRead_WhatWriteWrote_GivesItBack(int count)
    {
        Observation[] sent = [.. Enumerable.Range(0, count).Select(Example)];
        byte[] batch = new byte[ObservationBatch.SizeOf(count)];

        Assert.Equal(batch.Length, ObservationBatch.Write(batch, _incarnation, ulong.MaxValue, sent));
        Assert.True(ObservationBatch.TryReadHeader(batch, out ObservationBatchHeader header, out _));
        Assert.Equal(new ObservationBatchHeader(_incarnation, ulong.MaxValue, count), header);
        Observation[] received = new Observation[count];
        Assert.True(ObservationBatch.TryReadObservations(batch, header, received, out _));
        Assert.Equal(sent, received);
    }

    [Fact]
    public void Write_OneObservation_HasTheBytesOfTheContract()
    {
        byte[] batch = new byte[ObservationBatch.SizeOf(1)];
        ObservationBatch.Write(batch, _incarnation, 0x0102030405060708, [Example(1)]);

        Assert.Equal("pdm6obs1"u8.ToArray(), batch[..8]);
        Assert.Equal(_incarnation.Value, BinaryPrimitives.ReadUInt128BigEndian(batch.AsSpan(8)));
        Assert.Equal("0102030405060708" + "00000001", Convert.ToHexString(batch.AsSpan(24, 12)));
        Assert.Equal(36 + 112, batch.Length);
    }

    [Fact]
    public void TryRead_UdpFramesAmongOptions_GivesThemBack()
    {
        byte[] frame = [.. Enumerable.Range(0, UdpFrame.PdmFrameSize).Select(i => (byte)i)];
        Observation long1 = Example(1) with { Carriage = ObservationCarriage.UdpFrame, OptionLength = 68, Option = OptionBytes.From(frame) };
        Observation[] sent = [Example(0), long1, Example(2), long1], received = new Observation[4];
        byte[] batch = new byte[ObservationBatch.SizeOf(sent)];
        Assert.Equal(36 + 2 * 112 + 2 * 140, batch.Length);

        Assert.Equal(batch.Length, ObservationBatch.Write(batch, _incarnation, 1, sent));
        Assert.True(ObservationBatch.TryReadHeader(batch, out ObservationBatchHeader header, out _));
        Assert.True(ObservationBatch.TryReadObservations(batch, header, received, out _));
        Assert.Equal(sent, received);

        foreach (byte[] wrong in (byte[][])[batch[..^1], [.. batch, 0]])
        {
            Assert.True(ObservationBatch.TryReadHeader(wrong, out header, out _));
            Assert.False(ObservationBatch.TryReadObservations(wrong, header, received, out string error));
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void TryReadHeader_EveryTruncation_IsRefused()
    {
        byte[] batch = new byte[ObservationBatch.SizeOf(2)];
        ObservationBatch.Write(batch, _incarnation, 1, [Example(1), Example(2)]);
        for (int length = 0; length < batch.Length; length++)
        {
            Assert.False(ObservationBatch.TryReadHeader(batch.AsSpan(0, length), out _, out string error));
            Assert.NotEmpty(error);
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(4097u)]
    [InlineData(0xffffffffu)]
    public void TryReadHeader_CountThatDoesNotFit_IsRefused(uint count)
    {
        byte[] batch = new byte[ObservationBatch.SizeOf(1)];
        ObservationBatch.Write(batch, _incarnation, 1, [Example(1)]);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(32), count);

        Assert.False(ObservationBatch.TryReadHeader(batch, out _, out string error));
        Assert.Contains(count.ToString(), error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryReadObservations_UnknownVerdict_NamesTheRecord()
    {
        byte[] batch = new byte[ObservationBatch.SizeOf(2)];
        ObservationBatch.Write(batch, _incarnation, 1, [Example(1), Example(2)]);
        batch[ObservationBatch.HeaderSize + ObservationRecord.Size + 34] = 200;

        Assert.True(ObservationBatch.TryReadHeader(batch, out ObservationBatchHeader header, out _));
        Assert.False(ObservationBatch.TryReadObservations(batch, header, new Observation[2], out string error));
        Assert.StartsWith("observation 1 ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void SizeOf_MoreThanABatchHolds_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ObservationBatch.SizeOf(ObservationBatch.MaxCount + 1));

    private static Observation Example(int seed) => new(
        new FlowKey(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"), NextHeader.Udp, (ushort)seed, 53),
        ObservedAtNs: 1_700_000_000_000_000_000UL + (ulong)seed, ObservationVerdict.NotAhead, Rule: 3, HopLimit: 61,
        PayloadLength: 512, TcpFlags: 0x18, TcpSequence: 77, UpperChecksum: 0xbeef, HasSent: true, LastSentPsntp: 9,
        SinceSentNs: 12345, OptionLength: 40, OptionBytes.From(Enumerable.Repeat((byte)seed, 40).ToArray()));
}
