using System.Diagnostics;
using Pdm6.Datapath;
using Pdm6.Datapath.Native;

namespace Pdm6.Bench;

/// <summary>
/// Records from the kernel to one thread in C#: what one costs on each side, and whether any is lost without being counted.
/// The costs are those of ingress; the load is made of test runs, on a thread of its own, that do what ingress does for the ring
/// and nothing else.
/// </summary>
internal static class RingBench
{
    private const int Rounds = 60, Window = 20_000, Maker = 0;
    private static readonly int[] s_thousandsPerSecond = [250, 500, 1000, 2000, 3000, 8000];
    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(1), s_load = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        using (BenchDatapath datapath = BenchDatapath.Clear())
            PrintCosts(MeasureCosts(datapath));
        Table table = new("wanted records/s", "made", "taken", "lost, all counted");
        foreach (int thousands in s_thousandsPerSecond)
            MakeAndTake(thousands, isAsleep: false, table);
        MakeAndTake(s_thousandsPerSecond[^1], isAsleep: true, table);
        table.Print($"ring: one second of load, a ring of {new DatapathOptions().RingSize >> 20} MiB, one thread that takes; made = taken + lost in every row");
    }

    // In turns on one thread: the ring is filled, then emptied.
    private static Paired MeasureCosts(BenchDatapath datapath)
    {
        byte[] frame = datapath.WithOption(Frames.Udp(Frames.Pair, Frames.SelectedPort));
        BpfProgram maker = datapath.Program("pdm6_ingress");
        return Paired.Run(
        [
            new Contender("made: ingress, tag not computed", () =>
            {
                double ns = maker.TestRun(frame, repeat: Window).DurationNs;
                datapath.Drain();
                return ns;
            }),
            new Contender("taken: ring to Observation in C#", () =>
            {
                maker.TestRun(frame, repeat: Window);
                return (double)ThreadClock.Measure(datapath.Drain) / Window;
            }),
        ], Rounds, TimeSpan.FromSeconds(1));
    }

    private static void PrintCosts(Paired paired)
    {
        Table table = new("one record", "ns", "records/s", "rate to the maker's");
        for (int i = 0; i < paired.Contenders.Count; i++)
            table.Add(
                paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median), Table.Number(1e9 / paired.Ns(i).Median),
                Table.Ratio(paired.Ratio(Maker, i)));
        table.Print($"ring: {Rounds} rounds of {Window:#,0} records; ratio of rates, in brackets the middle half of the rounds");
    }

    private static void MakeAndTake(int thousandsPerSecond, bool isAsleep, Table table)
    {
        using BenchDatapath datapath = BenchDatapath.ClearWithUsualRing();
        byte[] frame = datapath.WithOption(Frames.Udp(Frames.Pair, Frames.SelectedPort));
        BpfProgram maker = datapath.Program("bench_report");
        long made = 0;
        Thread producer = new(() => made = Make(maker, frame, thousandsPerSecond * 1000));
        producer.Start();
        long taken = 0;
        while (!isAsleep && producer.IsAlive)
        {
            datapath.Wait();
            taken += datapath.Take();
        }
        producer.Join();
        taken += datapath.Take();
        long lost = (long)datapath.Counters.RingLost;
        BenchException.Require(made == taken + lost, $"{made} records made, {taken} taken, {lost} lost: some were lost without being counted.");
        table.Add($"{thousandsPerSecond * 1000:#,0}{(isAsleep ? ", taker asleep" : "")}", $"{made:#,0}", $"{taken:#,0}", $"{lost:#,0}");
    }

    // In bursts of a millisecond's worth; a maker that is late, or cannot keep up, goes on at once.
    private static long Make(BpfProgram maker, byte[] frame, int perSecond)
    {
        int burst = (int)(perSecond * s_burst.TotalSeconds);
        long start = Stopwatch.GetTimestamp(), made = 0;
        for (int turn = 1; Stopwatch.GetElapsedTime(start) < s_load; turn++)
        {
            maker.TestRun(frame, repeat: burst);
            made += burst;
            while (Stopwatch.GetElapsedTime(start) < turn * s_burst)
                Thread.Yield();
        }
        return made;
    }
}
