using Pdm6.Collector.Probes;
using Pdm6.Collector.Storage;

namespace Pdm6.Collector.Api;

/// <summary>Answers about probes, from the store.</summary>
internal sealed class ProbeQuery(Store store, TimeProvider time)
{
    // A mesh of ten hosts that ask each other every second fills a quarter of an hour.
    private const long MostAddedUp = 100_000;

    /// <summary>Every pair as it is stored, the longest known first.</summary>
    public IReadOnlyList<StoredPair> Stored() => store.ReadProbePairs();

    /// <summary>Every pair with all its rounds, by name.</summary>
    public IReadOnlyList<ProbeView> Pairs() => [.. InOrder(Stored()).Select(pair => ProbeView.Of(pair, pair.Rounds, pair.All))];

    /// <summary>Every pair with the rounds of the last seconds, by name; of more than a hundred thousand rounds, the
    /// latest.</summary>
    public IReadOnlyList<ProbeView> Pairs(long seconds)
    {
        ILookup<ProbePair, StoredRound> rounds = store.ReadProbeRounds(Since(seconds), MostAddedUp).ToLookup(round => round.Pair);
        return [.. InOrder(Stored()).Select(pair => ProbeView.Of(pair, rounds[pair.Pair].LongCount(), Sum(rounds[pair.Pair])))];
    }

    /// <summary>The rounds that came in the last seconds, newest first.</summary>
    public IReadOnlyList<ProbeRoundView> Rounds(long seconds, long limit) =>
        [.. store.ReadProbeRounds(Since(seconds), limit).Select(ProbeRoundView.Of)];

    private ulong Since(long seconds)
    {
        ulong now = time.UnixNs(), period = (ulong)seconds * UnixTime.NanosecondsPerSecond;
        return now > period ? now - period : 0;
    }

    private static IEnumerable<StoredPair> InOrder(IEnumerable<StoredPair> pairs) => pairs
        .OrderBy(pair => pair.Pair.Prober, StringComparer.Ordinal)
        .ThenBy(pair => pair.Pair.Target, StringComparer.Ordinal)
        .ThenBy(pair => pair.Pair.Address.ToString(), StringComparer.Ordinal);

    private static ProbeNumbers Sum(IEnumerable<StoredRound> rounds)
    {
        ProbeNumbers sum = new();
        foreach (StoredRound round in rounds)
            sum.Add(round.Numbers);
        return sum;
    }
}
