using Pdm6.Capture;
using Pdm6.Capture.Analysis;

namespace Pdm6.Bench;

/// <summary>A whole analysis on one core, from the file to the numbers of every flow, against programs that only
/// dissect.</summary>
internal static class AnalyzeBench
{
    private const int Rounds = 5, Tshark = 2;
    private const double Aim = 2e6;

    public static void Run()
    {
        using CaptureFiles files = new();
        Paired paired = Paired.Run(
        [
            new Contender("pdm6 reads frames, nothing else", () => Read(files)),
            new Contender("pdm6 analyze: opened, paired, every flow's numbers", () => Analyze(files)),
            Rivals.Tshark(files),
            Rivals.Scapy(files),
        ], Rounds, TimeSpan.FromSeconds(5));
        Table table = new($"one core, {CaptureFiles.Flows:#,0} flows", "ns", "packets/s", "rate to tshark");
        for (int i = 0; i < paired.Contenders.Count; i++)
            table.Add(paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median), Table.Number(1e9 / paired.Ns(i).Median),
                Table.Ratio(paired.Ratio(Tshark, i)));
        table.Print($"analyze: {Rounds} rounds; processor time; ratio of rates, in brackets the middle half of the rounds");
        Console.WriteLine($"\nanalyze at {Table.Number(1e9 / paired.Ns(1).Median)} packets a second (aim: {Aim:#,0})");
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

    private static double Analyze(CaptureFiles files)
    {
        using CaptureKeys keys = files.Keys();
        using CaptureReader reader = CaptureReader.Open(files.PathOf(CaptureFiles.Large));
        CaptureAnalyzer analyzer = new(keys);
        AnalysisReport? report = null;
        // The garbage that the rounds before left is theirs.
        GC.Collect();
        long ns = ThreadClock.Measure(() => report = analyzer.Analyze(reader));
        BenchException.Require(report!.Totals.Tally.Opened == CaptureFiles.Large, "Not every option was opened.");
        BenchException.Require(report.Flows.Count == 2 * CaptureFiles.Flows, "Not every flow was found.");
        BenchException.Require(report.Totals.RoundTrip.Count > CaptureFiles.Large * 0.9, "Round trips are missing.");
        return (double)ns / CaptureFiles.Large;
    }
}
