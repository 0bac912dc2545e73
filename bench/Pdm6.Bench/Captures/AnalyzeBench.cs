using System.Diagnostics;
using Pdm6.Capture;
using Pdm6.Capture.Analysis;

namespace Pdm6.Bench;

/// <summary>A whole analysis on one core, from the file to the numbers of every flow, against programs that only
/// dissect.</summary>
internal static class AnalyzeBench
{
    private const int Rounds = 9, Analysis = 1, ClearAnalysis = 2, Tshark = 4;
    private const double Aim = 2e6;

    public static void Run()
    {
        using CaptureFiles files = new();
        List<double> wallNs = [];
        Paired paired = Paired.Run(
        [
            new Contender("pdm6 reads frames, nothing else", () => Read(files)),
            new Contender("pdm6 analyze: opened, paired, every flow's numbers", () => Analyze(files)),
            new Contender("the same of options in clear: nothing to open", () => AnalyzeClear(files)),
            new Contender("pdm6 analyze (sealed) on two threads", () => AnalyzeOnTwo(files, wallNs)),
            Rivals.Tshark(files),
            Rivals.Scapy(files),
        ], Rounds, TimeSpan.FromSeconds(20));
        Table table = new($"one core, {CaptureFiles.Flows:#,0} flows", "ns", "packets/s", "rate to tshark");
        for (int i = 0; i < paired.Contenders.Count; i++)
            table.Add(paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median), Table.Number(1e9 / paired.Ns(i).Median),
                Table.Ratio(paired.Ratio(Tshark, i)));
        table.Print($"analyze: {Rounds} rounds; processor time; ratio of rates, in brackets the middle half of the rounds");
        Console.WriteLine($"\nanalyze at {Table.Number(1e9 / paired.Ns(Analysis).Median)} packets a second a core (aim: {Aim:#,0}), "
            + $"{Table.Number(1e9 / paired.Ns(ClearAnalysis).Median)} of options in clear; "
            + $"on two threads {Table.Number(1e9 / Spread.Of(wallNs.TakeLast(Rounds)).Median)} packets a second of the clock on the wall");
    }

    private static double Read(CaptureFiles files)
    {
        using CaptureReader reader = CaptureReader.Open(files.PathOf(CaptureFiles.Large));
        int frames = 0;
        long ns = ThreadClock.Measure(() =>
        {
            while (reader.TryReadNext(out _))
                frames++;
        });
        BenchException.Require(frames == CaptureFiles.Large, "Not every frame was read.");
        return (double)ns / frames;
    }

    private static double Analyze(CaptureFiles files) =>
        Analyze(files, usesTwoThreads: false, ThreadClock.Measure) / CaptureFiles.Large;

    private static double AnalyzeClear(CaptureFiles files)
    {
        using CaptureKeys none = new();
        AnalysisReport report = Analyze(none, files.ClearPath, usesTwoThreads: false, ThreadClock.Measure, out long ns);
        BenchException.Require(report.Totals.Tally.Clear == CaptureFiles.Large, "Not every option was read.");
        return (double)ns / CaptureFiles.Large;
    }

    /// <summary>Processor time of the whole process.</summary>
    private static double AnalyzeOnTwo(CaptureFiles files, List<double> wallNs) => Analyze(files, usesTwoThreads: true, work =>
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        work();
        wallNs.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / CaptureFiles.Large);
        return (long)(Environment.CpuUsage.TotalTime - before).TotalNanoseconds;
    }) / CaptureFiles.Large;

    private static double Analyze(CaptureFiles files, bool usesTwoThreads, Func<Action, long> measure)
    {
        using CaptureKeys keys = files.Keys();
        AnalysisReport report = Analyze(keys, files.PathOf(CaptureFiles.Large), usesTwoThreads, measure, out long ns);
        BenchException.Require(report.Totals.Tally.Opened == CaptureFiles.Large, "Not every option was opened.");
        return ns;
    }

    private static AnalysisReport Analyze(
        CaptureKeys keys, string path, bool usesTwoThreads, Func<Action, long> measure, out long ns)
    {
        using CaptureReader reader = CaptureReader.Open(path);
        CaptureAnalyzer analyzer = new(keys, new AnalysisOptions { UsesTwoThreads = usesTwoThreads });
        AnalysisReport? report = null;
        // The garbage that the rounds before left is theirs.
        GC.Collect();
        ns = measure(() => report = analyzer.Analyze(reader));
        BenchException.Require(report!.Flows.Count == CaptureFiles.Flows, "Not every flow was found.");
        BenchException.Require(report.Totals.RoundTrip.Count == CaptureFiles.Large - CaptureFiles.Flows, "Round trips are missing.");
        return report;
    }
}
