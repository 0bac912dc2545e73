using Pdm6.Measurement.Tests.Scenario;

namespace Pdm6.Measurement.Tests;

public class CountTests
{
    private const uint First = 1000;

    /// <summary>The counts of one direction after these numbers came in this order.</summary>
    private static DirectionCounts CountsOf(params uint[] numbers) => CountsOf(numbers.Select(n => Packet(n)));

    private static DirectionCounts CountsOf(IEnumerable<MeasuredPacket> packets, MeasurementOptions? options = null) =>
        Network.Replay(packets, options).CountsOf(Flows.Http);

    private static MeasuredPacket Packet(uint psntp, ulong context = 1, long epoch = 0, uint sequence = 0, int payload = 0) =>
        new(Flows.Http, context, epoch, psntp, default, Flows.Start, Accepted: true, (ushort)payload, 0,
            TcpSequence: sequence, 0, 64, false, 0, 0);

    [Fact]
    public void Counts_AllInOrder_AreDistinctAndNothingElse()
    {
        DirectionCounts counts = CountsOf(First, First + 1, First + 2);
        Assert.Equal((3, 3, 1), (counts.Packets, counts.Distinct, counts.Series));
        Assert.Equal((0, 0, 0, 0, 0),
            (counts.Duplicated, counts.Reordered, counts.Ambiguous, counts.Late, counts.LostWithinSeries));
    }

    [Fact]
    public void Lost_GapInTheNumbers_CountsEveryNumberOfIt() => Assert.Equal(3, CountsOf(First, First + 4).LostWithinSeries);

    [Fact]
    public void Lost_GapFilledLater_IsTakenBackAndCountedAsReordered()
    {
        DirectionCounts counts = CountsOf(First, First + 4, First + 2, First + 1, First + 3);
        Assert.Equal((0, 3, 5), (counts.LostWithinSeries, counts.Reordered, counts.Distinct));
    }

    [Fact]
    public void Lost_NumberBeforeTheFirstObserved_ExtendsTheSeriesDownwards()
    {
        DirectionCounts counts = CountsOf(First, First - 3);
        Assert.Equal((2, 1, 1, 1), (counts.LostWithinSeries, counts.Reordered, counts.Series, counts.Distinct - 1));
        counts = CountsOf(First, First - 3, First - 1, First - 2);
        Assert.Equal((0, 3), (counts.LostWithinSeries, counts.Reordered));
    }

    [Fact]
    public void Lost_NumbersWrap_AreCountedAcrossZero()
    {
        DirectionCounts counts = CountsOf(uint.MaxValue - 1, 1, uint.MaxValue);
        Assert.Equal((1, 1, 1, 3), (counts.LostWithinSeries, counts.Reordered, counts.Series, counts.Distinct));
    }

    [Fact]
    public void Duplicate_FurtherCopyOfOnePacket_CountsOnceInTheNumbers()
    {
        DirectionCounts counts = CountsOf(First, First, First + 1, First);
        Assert.Equal((4, 2, 2, 0), (counts.Packets, counts.Distinct, counts.Duplicated, counts.Ambiguous));
    }

    [Fact]
    public void Ambiguous_SegmentsOfOneSuperPacket_CountOnce()
    {
        DirectionCounts counts = CountsOf(
        [
            Packet(First, sequence: 0, payload: 1400), Packet(First, sequence: 1400, payload: 1400),
            Packet(First, sequence: 2800, payload: 700), Packet(First, sequence: 0, payload: 1400),
            Packet(First + 1, sequence: 3500),
        ]);
        Assert.Equal((5, 2, 2, 1, 0),
            (counts.Packets, counts.Distinct, counts.Ambiguous, counts.Duplicated, counts.LostWithinSeries));
    }

    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 0, 5)]
    public void Ambiguous_CopyDiffersInSequenceLengthOrChecksum_IsNoDuplicate(uint sequence, int payload, int checksum)
    {
        MeasuredPacket first = Packet(First);
        MeasuredPacket copy = Packet(First, sequence: sequence, payload: payload) with { UpperChecksum = (ushort)checksum };
        DirectionCounts counts = CountsOf([first, copy]);
        Assert.Equal((1, 0), (counts.Ambiguous, counts.Duplicated));
    }

    [Fact]
    public void Duplicate_WithoutTcp_IsTheSameOption()
    {
        MeasuredPacket packet = Packet(First) with { Flow = Flows.Dns };
        RecordingSink sink = Network.Replay([packet, packet with { UpperChecksum = 9 }]);
        Assert.Equal(1, sink.CountsOf(Flows.Dns).Duplicated);
    }

    [Theory]
    [InlineData((1 << 16) - 1, 1, (1 << 16) - 2)]
    [InlineData(1 << 16, 2, 0)]
    [InlineData(-(1 << 16) + 1, 1, (1 << 16) - 2)]
    [InlineData(-(1 << 16), 2, 0)]
    [InlineData(int.MinValue, 2, 0)]
    public void Series_Jump_BeginsANewOneFrom65536On(int jump, int series, int lost)
    {
        DirectionCounts counts = CountsOf(First, unchecked(First + (uint)jump));
        Assert.Equal((series, lost), ((int)counts.Series, (int)counts.LostWithinSeries));
    }

    [Fact]
    public void Series_NewContext_BeginsANewOneAndIsNoLoss()
    {
        DirectionCounts counts = CountsOf([Packet(First), Packet(First + 10, context: 2), Packet(First + 11, context: 2)]);
        Assert.Equal((2, 0, 3), (counts.Series, counts.LostWithinSeries, counts.Distinct));
    }

    [Fact]
    public void Series_SameNumberInAnotherContext_IsAnotherPacket()
    {
        DirectionCounts counts = CountsOf([Packet(First), Packet(First, context: 2)]);
        Assert.Equal((2, 0, 2), (counts.Distinct, counts.Duplicated, counts.Series));
    }

    [Fact]
    public void Series_NewEpoch_GoesOn()
    {
        DirectionCounts counts = CountsOf([Packet(First, epoch: 3), Packet(First + 2, epoch: 4), Packet(First + 1, epoch: 3)]);
        Assert.Equal((1, 0, 1), (counts.Series, counts.LostWithinSeries, counts.Reordered));
    }

    [Fact]
    public void Series_NumberFallsInALaterEpoch_IsARebornFlow()
    {
        DirectionCounts counts = CountsOf([Packet(First, epoch: 3), Packet(First - 5, epoch: 6), Packet(First - 5, epoch: 9)]);
        Assert.Equal((3, 0, 0, 3), (counts.Series, counts.LostWithinSeries, counts.Reordered, counts.Distinct));
    }

    [Fact]
    public void Series_StragglersOfTheOldContext_DoNotBeginSeriesAgainAndAgain()
    {
        DirectionCounts counts = CountsOf(
        [
            Packet(First), Packet(90_000, context: 2), Packet(First + 1), Packet(90_001, context: 2),
            Packet(First + 3), Packet(90_002, context: 2), Packet(First + 2),
        ]);
        Assert.Equal((2, 7, 0, 1), (counts.Series, counts.Distinct, counts.LostWithinSeries, counts.Reordered));
    }

    [Fact]
    public void Late_NumberThatWasForgotten_IsNeitherFirstNorDuplicate()
    {
        IEnumerable<MeasuredPacket> many = Enumerable.Range(0, 200).Select(i => Packet(First + (uint)i));
        DirectionCounts counts = CountsOf(
            [.. many, Packet(First + 199), Packet(First)], new MeasurementOptions { MaxPackets = 64 });
        Assert.Equal((200, 1, 1, 0), (counts.Distinct, counts.Duplicated, counts.Late, counts.LostWithinSeries));
    }

    [Fact]
    public void Late_NumbersOfAForgottenFlow_DoNotMakeThoseOfAnotherLate()
    {
        IEnumerable<MeasuredPacket> many = Enumerable.Range(0, 64).Select(i => Packet(First + (uint)i) with { Flow = Flows.Dns });
        DirectionCounts counts = CountsOf(
            [.. many, Packet(First + 100), Packet(First - 10)], new MeasurementOptions { MaxPackets = 64, MaxFlows = 1 });
        Assert.Equal((2, 0, 1), (counts.Distinct, counts.Late, counts.Reordered));
    }

    [Fact]
    public void Counts_OfTwoParts_Add()
    {
        DirectionCounts sum = CountsOf(First, First + 2, First + 1, First);
        sum.Add(CountsOf(First, First + 5));
        Assert.Equal((6, 5, 1, 1, 2, 4),
            (sum.Packets, sum.Distinct, sum.Duplicated, sum.Reordered, sum.Series, sum.LostWithinSeries));
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(63, 1)]
    [InlineData(0, 64)]
    [InlineData(65, 63)]
    [InlineData(128, 0)]
    [InlineData(129, 126)]
    [InlineData(255, 0)]
    public void Hops_ReceivedHopLimit_CountFromTheNextUsualStart(byte hopLimit, int hops) =>
        Assert.Equal(hops, HopCount.Infer(hopLimit));

    [Theory]
    [InlineData(59, 5, 0)] // left with 5, arrived with 5: the far host thinks of 64
    [InlineData(61, 5, 2)]
    [InlineData(3, 64, 3)]
    [InlineData(54, 80, 6)] // arrived with 74: thought of 128
    [InlineData(60, 200, 5)] // arrived with 195: thought of 255
    [InlineData(3, 1, 3)] // 61 cannot have come of 1: what is said stays
    [InlineData(-7, 64, -7)]
    public void Hops_InferredByOneWhoDoesNotKnowTheStart_AreCorrectedByTheSender(int inferred, byte sent, int hops) =>
        Assert.Equal(hops, HopCount.Correct(inferred, sent));
}
