using Pdm6.Collector.Windows;
using Pdm6.Security;

namespace Pdm6.Bench;

/// <summary>Observations a second through a collector on one core, without network and store, against opening alone.</summary>
internal static class CollectorBench
{
    private const int Rounds = 60, Batch = 4096, Batches = 32;

    public static void Run()
    {
        Exchanges exchanges = new(Batch * Batches);
        using OptionOpener opener = new(OpenerMode.Analysis);
        foreach (SealingHost host in exchanges.Clients.Append(exchanges.Server))
            opener.Add(host.Announcement, host.BaseSecret);
        OpenResult[] results = new OpenResult[Batch];
        OpenedOption[] opened = new OpenedOption[Batch];
        int nextToOpen = 0, nextToTake = 0;
        long roundTrips = 0;
        CollectorCore core = new(exchanges);
        try
        {
            Paired paired = Paired.Run(
            [
                new Contender("options opened, nothing else", () =>
                {
                    int batch = nextToOpen++ % Batches;
                    return PerObservation(() => opener.OpenBatch(exchanges.All.AsSpan(batch * Batch, Batch), results, opened));
                }),
                new Contender("opened, paired, into windows", () =>
                {
                    int batch = nextToTake++ % Batches;
                    if (batch == 0 && nextToTake > 1)
                    {
                        // The same packets once more would all be duplicates: a new collector.
                        RequireMeasured(core.Counters, roundTrips);
                        core.Dispose();
                        core = new CollectorCore(exchanges);
                        roundTrips = 0;
                    }
                    return PerObservation(() => roundTrips += core.Take(exchanges.All.AsSpan(batch * Batch, Batch)));
                }),
            ], Rounds, TimeSpan.FromSeconds(3));
            Print(paired);
        }
        finally
        {
            core.Dispose();
        }
    }

    private static double PerObservation(Action work) => (double)ThreadClock.Measure(work) / Batch;

    private static void RequireMeasured(RunCounters counters, long roundTrips)
    {
        const int Observations = Batch * Batches;
        BenchException.Require(counters[RunCounter.Opened] == Observations, $"{counters[RunCounter.Opened]} of {Observations} options were opened.");
        BenchException.Require(roundTrips > Observations * 0.45, $"{roundTrips} round trips were found in {Observations} observations.");
    }

    private static void Print(Paired paired)
    {
        Table table = new("one core, 1,000 flows", "ns", "observations/s", "rate to opening alone");
        for (int i = 0; i < paired.Contenders.Count; i++)
            table.Add(
                paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median), Table.Number(1e9 / paired.Ns(i).Median),
                Table.Ratio(paired.Ratio(0, i)));
        table.Print($"collector: {Rounds} rounds of {Batch:#,0} observations; ratio of rates, in brackets the middle half of the rounds");
    }
}
