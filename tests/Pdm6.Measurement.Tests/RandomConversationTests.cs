using Pdm6.Measurement.Tests.Scenario;
using Pdm6.Wire;

namespace Pdm6.Measurement.Tests;

/// <summary>Everything measured is held against what the simulated network knows.</summary>
public class RandomConversationTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    private static RecordingSink Measure(RandomConversation truth) =>
        Network.Replay([.. truth.A.Seen, .. truth.B.Seen]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RoundTrips_LossDuplicatesAndReordering_AreExactlyTheTrueOnes(int seed)
    {
        RandomConversation truth = new(seed, requests: 60);
        RecordingSink sink = Measure(truth);

        int total = AreTrue(sink, truth.A, truth.B) + AreTrue(sink, truth.B, truth.A);
        Assert.Equal(total, sink.RoundTrips.Count);
        Assert.InRange(total, 20, 1000);
    }

    /// <summary>Compares what <paramref name="seer"/> should see with what was measured; returns how many.</summary>
    private static int AreTrue(RecordingSink sink, RandomConversation.Side seer, RandomConversation.Side far)
    {
        FlowKey flow = seer.Host.Flow;
        Dictionary<uint, long> expected = [];
        Dictionary<uint, SentPacket> sent = seer.Sent.ToDictionary(p => p.Psntp);
        Dictionary<uint, SentPacket> farSent = far.Sent.ToDictionary(p => p.Psntp);
        long TrueRoundTrip(SentPacket timed, SentPacket answer) =>
            (long)(far.Accepted[answer.Psntp] - timed.SentAtNs) - (long)(answer.SentAtNs - seer.Accepted[timed.Psntp]);

        // Told by the next packet, if it arrived and if something was accepted in between.
        foreach (SentPacket timed in seer.Sent)
        {
            if (!sent.TryGetValue(timed.Psntp + 1, out SentPacket? next) || !seer.Arrived.ContainsKey(next.Psntp))
                continue;
            SentPacket? last = far.Sent
                .Where(p => far.Accepted.TryGetValue(p.Psntp, out ulong at) && at >= timed.SentAtNs && at < next.SentAtNs)
                .MaxBy(p => far.Accepted[p.Psntp]);
            if (last is not null && !IsSilent(last) && last.Metrics.Psnlr == timed.Psntp)
                expected.Add(timed.Psntp, TrueRoundTrip(timed, last));
        }
        // Told by the last exchange.
        MeasuredPacket closing = seer.Seen.LastOrDefault(
            p => p is { Accepted: true, HasSent: true } && p.Metrics.Psnlr == p.LastSentPsntp);
        if (closing != default && !expected.Keys.Any(k => (int)(k - closing.LastSentPsntp) >= 0))
            expected.Add(closing.LastSentPsntp, TrueRoundTrip(sent[closing.LastSentPsntp], farSent[closing.Psntp]));

        Dictionary<uint, RoundTripSample> measured = sink.RoundTrips.Where(s => s.Flow == flow).ToDictionary(s => s.Psntp);
        Assert.Equal(expected.Keys.Order(), measured.Keys.Order());
        Assert.All(expected, e => Assert.InRange(
            e.Value, measured[e.Key].RoundTripNs - measured[e.Key].ErrorBoundNs, measured[e.Key].RoundTripNs + measured[e.Key].ErrorBoundNs));
        return expected.Count;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ServerDelays_LossDuplicatesAndReordering_AreTrueFirstAnswers(int seed)
    {
        RandomConversation truth = new(seed, requests: 60);
        RecordingSink sink = Measure(truth);
        Dictionary<uint, SentPacket> requests = truth.A.Sent.ToDictionary(p => p.Psntp);
        Dictionary<uint, SentPacket> firstAnswers = truth.B.Sent
            .Where(p => p.PayloadLength > 0 && !IsSilent(p) && requests[p.Metrics.Psnlr].PayloadLength > 0)
            .GroupBy(p => p.Metrics.Psnlr).Select(g => g.First()).ToDictionary(p => p.Psntp);

        TurnaroundSample[] measured = [.. sink.Of(TurnaroundKind.ServerDelay)];

        Assert.All(measured, s =>
        {
            Assert.Equal(truth.B.Host.Flow, s.Flow);
            SentPacket answer = Assert.Contains(s.Psntp, (IReadOnlyDictionary<uint, SentPacket>)firstAnswers);
            long delay = (long)(answer.SentAtNs - truth.A.Accepted[answer.Metrics.Psnlr]);
            Assert.InRange(delay, s.TurnaroundNs, s.TurnaroundNs + s.ErrorBoundNs);
        });
        // None that proves itself is missed, and none comes twice.
        IEnumerable<uint> provable = firstAnswers.Values
            .Where(p => !p.Metrics.DeltaTimeLastSent.IsZero && truth.B.Arrived.ContainsKey(p.Psntp)).Select(p => p.Psntp);
        Assert.Subset(measured.Select(s => s.Psntp).ToHashSet(), provable.ToHashSet());
        Assert.Equal(measured.Length, measured.DistinctBy(s => s.Psntp).Count());
        Assert.InRange(measured.Length, 10, 60);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Counts_LossDuplicatesAndReordering_AreExact(int seed)
    {
        RandomConversation truth = new(seed, requests: 60);
        RecordingSink sink = Measure(truth);
        AreExact(sink.CountsOf(truth.A.Host.Flow), truth.A, truth.B);
        AreExact(sink.CountsOf(truth.B.Host.Flow), truth.B, truth.A);
    }

    private static void AreExact(DirectionCounts counts, RandomConversation.Side sender, RandomConversation.Side receiver)
    {
        int[] places = [.. receiver.Seen.Select(p => (int)(p.Psntp - sender.Sent[0].Psntp))];
        int[] distinct = [.. places.Distinct()];
        int highest = int.MinValue, reordered = 0;
        foreach (int place in distinct)
        {
            reordered += place < highest ? 1 : 0;
            highest = Math.Max(highest, place);
        }
        Assert.Equal(
            (places.Length, distinct.Length, places.Length - distinct.Length, reordered),
            ((int)counts.Packets, (int)counts.Distinct, (int)counts.Duplicated, (int)counts.Reordered));
        Assert.Equal(distinct.Max() - distinct.Min() + 1 - distinct.Length, counts.LostWithinSeries);
        Assert.Equal((0, 0, 1), (counts.Ambiguous, counts.Late, counts.Series));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Samples_ReportsInterleaveInAnyWay_AreTheSame(int seed)
    {
        RandomConversation truth = new(seed, requests: 60);
        RecordingSink oneByOne = Measure(truth);
        Random random = new(seed);
        for (int run = 0; run < 5; run++)
        {
            RecordingSink sink = Network.Replay(Interleave(random, truth.A.Seen, truth.B.Seen));
            Assert.Equal(oneByOne.RoundTrips.OrderBy(s => s.ObservedAtNs), sink.RoundTrips.OrderBy(s => s.ObservedAtNs));
            Assert.Equal(oneByOne.Turnarounds.OrderBy(s => s.ObservedAtNs), sink.Turnarounds.OrderBy(s => s.ObservedAtNs));
        }
    }

    private static IEnumerable<MeasuredPacket> Interleave(Random random, List<MeasuredPacket> one, List<MeasuredPacket> other)
    {
        int i = 0, j = 0;
        while (i < one.Count || j < other.Count)
        {
            bool takeOne = j == other.Count || (i < one.Count && random.Next(2) == 0);
            for (int batch = random.Next(1, 30); batch > 0 && (takeOne ? i < one.Count : j < other.Count); batch--)
                yield return takeOne ? one[i++] : other[j++];
        }
    }

    private static bool IsSilent(SentPacket packet) =>
        packet.Metrics is { Psnlr: 0, DeltaTimeLastReceived.IsZero: true };
}
