using Microsoft.Data.Sqlite;
using Pdm6.Collector.Api;
using Pdm6.Collector.Probes;
using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;
using Pdm6.Export;

namespace Pdm6.Collector.Tests;

/// <summary>Rounds of probing in the store.</summary>
public sealed class ProbeStoreTests : IDisposable
{
    private const ulong Start = 1_700_000_000_000_000_000, Hour = 3_600_000_000_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-probes-");
    private readonly SetClock _clock = new(Start);

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("collector.db")]
    [InlineData(CollectorOptions.MemoryStore)]
    public void Rounds_OfOnePair_AddUpAndTheLatestIsKept(string file)
    {
        using Store store = Open(file);
        Put(store, ProbeReports.Of("a", "b", to: 10, sent: 5, received: 4, lost: 1, 1_000, 2_000));
        Put(store, ProbeReports.Of("a", "b", to: 30, sent: 7, received: 6, lost: null, 9_000), ProbeReports.Of("b", "a", to: 30, sent: 1, received: 0, lost: 1));

        IReadOnlyList<ProbeView> views = new ProbeQuery(store, _clock).Pairs();
        Assert.Equal([("a", "b", "2001:db8::1"), ("b", "a", "2001:db8::1")], views.Select(view => (view.Prober, view.Target, view.Address)));
        Assert.Equal((2L, 30UL, Start), (views[0].Rounds, views[0].LatestUnixNs, views[0].ReceivedUnixNs));
        Assert.Equal((12L, 10L), (views[0].All.Sent, views[0].All.Received));
        Assert.Equal(new ProbeDirection(12, 1, 0, 0), views[0].All.There);
        Assert.Equal(new ProbeDirection(null, null, 0, 0), views[0].All.Back);
        Assert.Equal((3L, 1_000L, 9_000L), (views[0].All.RoundTripNs.Samples, views[0].All.RoundTripNs.Min, views[0].All.RoundTripNs.Max));
        Assert.Equal((7L, 6L, (long?)null, 1L), (views[0].Latest.Sent, views[0].Latest.Received, views[0].Latest.There.Lost, views[0].Latest.RoundTripNs.Samples));
        Assert.Equal(0, views[1].All.RoundTripNs.Samples);
    }

    [Fact]
    public void Round_ToldTwice_CountsOnce()
    {
        using Store store = Open();
        ProbeRound round = ProbeReports.Of("a", "b", to: 10, sent: 5, received: 4, lost: 1, 1_000);
        Put(store, round);
        Put(store, round, round);

        Assert.Equal((1L, 5L), (Pairs(store)[0].Rounds, Pairs(store)[0].All.Sent));
    }

    [Fact]
    public void Period_OfSeconds_HoldsWhatCameInIt()
    {
        using Store store = Open();
        Put(store, ProbeReports.Of("a", "b", to: 10, sent: 5, received: 4, lost: 1, 1_000));
        _clock.UnixNs += 100_000_000_000;
        Put(store, ProbeReports.Of("a", "b", to: 20, sent: 7, received: 7, lost: 0, 3_000));
        ProbeQuery query = new(store, _clock);

        ProbeView lately = Assert.Single(query.Pairs(60));
        Assert.Equal((1L, 7L, 0L), (lately.Rounds, lately.All.Sent, lately.All.There.Lost));
        Assert.Equal([20UL, 10UL], query.Rounds(3600, 10).Select(round => round.ToUnixNs));
        Assert.Equal(20UL, Assert.Single(query.Rounds(3600, 1)).ToUnixNs);
        Assert.Equal(7, Assert.Single(query.Rounds(60, 10)).Numbers.Sent);
    }

    [Fact]
    public void Expire_OldRounds_GoAndTheirSumsStayUntilThePairIsSilent()
    {
        using Store store = Open();
        Put(store, ProbeReports.Of("a", "b", to: 10, sent: 5, received: 4, lost: 1, 1_000), ProbeReports.Of("c", "d", to: 10, sent: 1, received: 1, lost: 0, 1_000));
        _clock.UnixNs += 20 * Hour;
        Put(store, ProbeReports.Of("a", "b", to: 20, sent: 7, received: 7, lost: 0, 3_000));
        _clock.UnixNs += 5 * Hour; // rounds are kept for a day

        store.Expire(_clock.UnixNs);

        StoredPair pair = Assert.Single(Pairs(store));
        Assert.Equal(("a", 2L, 12L, 20UL), (pair.Pair.Prober, pair.Rounds, pair.All.Sent, pair.ToUnixNs));
        Assert.Equal(20UL, Assert.Single(store.ReadProbeRounds(0, 10)).ToUnixNs);
    }

    [Fact]
    public void Store_OfVersionOne_IsTakenOver()
    {
        string path = Path.Combine(_directory.FullName, "old.db");
        using (SqliteConnection old = new($"Data Source={path};Pooling=False"))
        {
            old.Open();
            using Stream schema = typeof(Store).Assembly.GetManifestResourceStream("Storage/schema.sql")!;
            using StreamReader text = new(schema);
            using SqliteCommand create = old.CreateCommand();
#pragma warning disable CA2100 // The product's own schema.
            create.CommandText = text.ReadToEnd() + "INSERT INTO run (counter, value) VALUES ('Observations', 17);";
#pragma warning restore CA2100
            create.ExecuteNonQuery();
        }

        using (Store store = Open("old.db"))
        {
            Assert.Equal(17, store.Load().Counters[RunCounter.Observations]);
            Put(store, ProbeReports.Of("a", "b", to: 10, sent: 5, received: 4, lost: 1, 1_000));
        }
        using Store again = Open("old.db");
        Assert.Single(Pairs(again));
    }

    private Store Open(string file = "collector.db") => Store.Open(
        file == CollectorOptions.MemoryStore ? file : Path.Combine(_directory.FullName, file), TimeSpan.FromDays(1));

    private void Put(Store store, params ProbeRound[] reports) => store.Commit(new StoreChange(
        _clock.UnixNs, [], new RunCounters(), [], [], [], [.. reports.Select(report => new ReceivedRound(_clock.UnixNs, report))]));

    private static IReadOnlyList<StoredPair> Pairs(Store store) => store.ReadProbePairs();
}
