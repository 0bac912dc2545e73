using System.Diagnostics;
using Pdm6.Fuzz.Engine;

namespace Pdm6.Fuzz;

/// <summary>Runs targets one after the other, prints a line each and a total, and writes down what failed.</summary>
internal sealed class Session(Options options, TextWriter output)
{
    private readonly Corpus _corpus = new(options.Corpus);
    private readonly Corpus _crashes = new(options.Artifacts);

    /// <summary>The first are the most different, and a repository is no place for thousands.</summary>
    private const int MostGrown = 32;
    private const string RecorderName = "input-at-hand-";

    private string RecorderPath => Path.Combine(options.Artifacts, RecorderName + Environment.ProcessId);

    /// <summary>Runs all of them; false if one failed.</summary>
    public bool Run(IReadOnlyList<FuzzTarget> targets)
    {
        Directory.CreateDirectory(options.Artifacts);
        ulong seed = options.Seed ?? (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        List<FuzzReport> reports = [];
        int shares = targets.Sum(target => target.Share);
        for (int i = 0; i < targets.Count; i++)
        {
            long inputs = options.Inputs is { } all
                ? i < targets.Count - 1 ? all * targets[i].Share / shares : all - reports.Sum(report => report.Inputs)
                : long.MaxValue;
            TimeSpan time = options.Inputs is null ? TimeSpan.FromSeconds((double)options.Seconds / targets.Count) : TimeSpan.MaxValue;
            reports.Add(Run(targets[i], seed, inputs, time));
        }
        output.WriteLine(
            $"{"total",-20} {reports.Sum(r => r.Inputs),12:N0} inputs, {reports.Sum(r => r.Accepted),11:N0} accepted, "
            + $"{reports.Count(r => r.Failure is not null)} failures");
        return reports.All(report => report.Failure is null);
    }

    /// <summary>Runs one input again; false if it fails.</summary>
    public bool Replay(FuzzTarget target, byte[] input)
    {
        using GuardedMemory memory = new(Math.Max(1, input.Length));
        try
        {
            foreach (bool atEnd in new[] { true, false })
            {
                Span<byte> place = atEnd ? memory.AtEnd(input.Length) : memory.AtStart(input.Length);
                input.CopyTo(place);
                output.WriteLine($"{target.Name}: {target.Run(place)}");
            }
            return true;
        }
#pragma warning disable CA1031 // Whatever a decoder throws is the finding.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            output.WriteLine($"{target.Name}: {thrown}");
            return false;
        }
    }

    /// <summary>Writes down the inputs at which earlier processes died; false if there were none.</summary>
    public bool Recover()
    {
        bool found = false;
        foreach (string path in Directory.EnumerateFiles(options.Artifacts, RecorderName + "*").Where(IsLeftBehind).ToArray())
        {
            if (InputRecorder.Recover(path) is not { } left)
                continue;
            found = true;
            Report(left.Target, left.Position, left.Input, "the process died there");
            InputRecorder.Delete(path);
        }
        return found;
    }

    private static bool IsLeftBehind(string path) =>
        int.TryParse(Path.GetFileName(path)[RecorderName.Length..], out int process) && !Directory.Exists($"/proc/{process}");

    private FuzzReport Run(FuzzTarget target, ulong seed, long inputs, TimeSpan time)
    {
        using Fuzzer fuzzer = new(target, _corpus.Load(target.Name), seed, RecorderPath);
        using Timer watchdog = Watch(fuzzer);
        FuzzReport report = fuzzer.Run(inputs, time);
        double perSecond = report.Inputs / Math.Max(0.001, report.Time.TotalSeconds);
        output.WriteLine(
            $"{report.Target,-20} {report.Inputs,12:N0} inputs, {report.Accepted,11:N0} accepted, {report.Features,5:N0} features, "
            + $"{perSecond,11:N0}/s, {(report.Failure is null ? "no failure" : "FAILED")}");
        if (report.Failure is { } failure)
            Report(target.Name, failure.Position, failure.Input, failure.Thrown.ToString());
        if (options.Grow)
            foreach (byte[] kept in fuzzer.Kept.Except(fuzzer.Start).Take(MostGrown))
                _corpus.Add(target.Name, kept);
        return report;
    }

    /// <summary>A decoder that does not come back is as bad as one that throws; no exception can say so.</summary>
    private Timer Watch(Fuzzer fuzzer)
    {
        long position = -1;
        Stopwatch since = Stopwatch.StartNew();
        return new Timer(_ =>
        {
            if (fuzzer.Position != position)
            {
                position = fuzzer.Position;
                since.Restart();
            }
            else if (since.Elapsed.TotalSeconds > options.LongestInputSeconds)
            {
                output.WriteLine($"an input takes longer than {options.LongestInputSeconds} s");
                Environment.FailFast(null);
            }
        }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    private void Report(string target, long position, byte[] input, string what)
    {
        string file = _crashes.Add(target, input);
        output.WriteLine($"{target}: input {position} of this seed failed: {what}");
        output.WriteLine($"{target}: replay it with: fuzz/run --replay {file} --target {target}");
    }
}
