using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>
/// What the programs cost for one packet, without a network around them: the kernel runs a program again and again on
/// one packet (BPF_PROG_TEST_RUN) and says how long one run took.
/// </summary>
internal static class DatapathBench
{
    // So many records stay below the 64 KiB that wake a consumer: it is drained in between, as by one that keeps up.
    private const int Repeat = 400, Runs = 12, Rounds = 60;

    private enum Row { Empty, OtherDestination, OtherPort, Room, Clear, Ahead, Sealed, Kfunc, NoOption, ClearIngress, Verified }

    public static void Run()
    {
        using BenchDatapath sealing = BenchDatapath.Sealing(), clear = BenchDatapath.Clear(), ahead = BenchDatapath.Sealing();
        byte[] selected = Frames.Udp(Frames.Pair, Frames.SelectedPort);
        byte[] otherPort = Frames.Udp(Frames.Pair, Frames.OtherPort);
        byte[] otherDestination = Frames.Udp(Frames.Elsewhere, Frames.SelectedPort);
        byte[] sealedFrame = sealing.WithOption(selected), clearFrame = clear.WithOption(selected);
        int runs = 0, kfuncRuns = 0;
        using BenchDatapath? kfunc = BenchDatapath.KernelCipher();
        using NumberPreparation preparation = ahead.Prepare(selected);

        Contender[] contenders =
        [
            Repeated("empty program", sealing, "bench_empty", selected),
            Repeated("egress: no rule has the destination", sealing, "pdm6_egress", otherDestination),
            Repeated("egress: no rule has the port", sealing, "pdm6_egress", otherPort),
            Repeated("room made and taken away, header rewritten twice", sealing, "bench_room_and_strip", selected),
            Repeated("egress inserts clear, then the same taken away", clear, "bench_insert_and_strip", selected),
            Repeated("egress inserts sealed, prepared ahead, then the same taken away", ahead, "bench_insert_and_strip", selected),
            Repeated("egress inserts sealed in place, then the same taken away", sealing, "bench_insert_and_strip", selected, () => runs += Repeat),
            kfunc is null
                ? new Contender("(kfunc: not built)", () => double.NaN)
                : Repeated("the same, its blocks by the kernel's cipher (kfunc)", kfunc, "bench_insert_and_strip", selected, () => kfuncRuns += Repeat),
            Repeated("ingress: no option", sealing, "pdm6_ingress", selected),
            Repeated("ingress: tag not computed; record", clear, "pdm6_ingress", clearFrame),
            Repeated("ingress: tag verified; record", sealing, "pdm6_ingress", sealedFrame),
        ];
        Paired paired = Paired.Run(contenders, Rounds, TimeSpan.FromSeconds(1));

        RequirePrepared(ahead, preparation);
        Require(sealing, runs);
        Require(clear, runs);
        if (kfunc is null)
            Console.WriteLine("\nATTENTION: no row for kfunc: it is compiled with clang-16, which was not there. Install it, and run this again.");
        else
            BenchException.Require(
                kfunc.Counters.OfRule(0, PacketOutcome.Sealed) == (ulong)kfuncRuns + 1, "Not every packet of the kfunc row got an option.");
        Print(paired, kfunc is not null);
    }

    private static Contender Repeated(string name, BenchDatapath datapath, string program, byte[] frame, Action? counted = null)
    {
        BpfProgram runs = datapath.Program(program);
        return new Contender(name, () =>
        {
            long ns = 0;
            for (int i = 0; i < Runs; i++)
            {
                ns += runs.TestRun(frame, repeat: Repeat).DurationNs;
                datapath.Drain();
                counted?.Invoke();
            }
            return (double)ns / Runs;
        });
    }

    // Every packet was sealed anew and every tag was right: the first was accepted, its copies are not ahead of it.
    private static void Require(BenchDatapath datapath, int runs)
    {
        DatapathCounters counters = datapath.Counters;
        BenchException.Require(
            counters.OfRule(0, PacketOutcome.Sealed) == (ulong)runs + 1, "Not every packet of a test run got an option.");
        BenchException.Require(
            counters.OfVerdict(ObservationVerdict.Accepted) == 1 && counters.OfVerdict(ObservationVerdict.NotAhead) == (ulong)runs - 1
            && datapath.Observations == runs,
            "Not every packet of a test run was found authentic and reported.");
    }

    /// <summary>What was sealed without prepared numbers must be too little to be seen in the result.</summary>
    internal static void RequirePrepared(BenchDatapath datapath, NumberPreparation preparation)
    {
        double prepared = (double)preparation.Prepared / datapath.Counters.OfRule(0, PacketOutcome.Sealed);
        Console.WriteLine($"\n{prepared:P1} of the options of the rows \"prepared ahead\" were.");
        BenchException.Require(prepared > 0.8, "The thread that prepares numbers did not keep up: the machine is too busy.");
    }

    private static void Print(Paired paired, bool hasKfunc)
    {
        Table table = new("one packet of 64 octets in UDP", "ns", "to empty", "to clear");
        for (int i = 0; i < paired.Contenders.Count; i++)
        {
            if ((Row)i == Row.Kfunc && !hasKfunc)
                continue;
            Row? clear = (Row)i is Row.Clear or Row.Ahead or Row.Sealed or Row.Kfunc ? Row.Clear : (Row)i is Row.ClearIngress or Row.Verified ? Row.ClearIngress : null;
            table.Add(
                paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median), Table.Number(paired.Ratio(i, (int)Row.Empty).Median),
                clear is { } to ? Table.Ratio(paired.Ratio(i, (int)to)) : "");
        }
        table.Print($"datapath: {Rounds} rounds of {Runs} times {Repeat} packets; ratio of times, in brackets the middle half of the rounds");
        double sealing = paired.Ns((int)Row.Sealed).Median - paired.Ns((int)Row.Clear).Median;
        double verifying = paired.Ns((int)Row.Verified).Median - paired.Ns((int)Row.ClearIngress).Median;
        Console.WriteLine($"\nAES-GCM alone: {Table.Number(sealing)} ns in egress, {Table.Number(verifying)} ns in ingress.");
    }
}
