using System.Diagnostics;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Reports;
using Pdm6.Capture.Tests.Support;
using Pdm6.Security;

namespace Pdm6.Capture.Tests.Analysis;

/// <summary>Analyzes captures made by an independent generator that knows what must come out (interop/groundtruth.py), and
/// lets it judge (interop/judge.py).</summary>
public sealed class GroundTruthTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(6, "capture.pcapng", true)]
    [InlineData(6, "capture.pcap", false)]
    [InlineData(7, "capture.pcap", true)]
    [InlineData(7, "capture-links.pcapng", true)]
    [InlineData(7, "capture.pcapng", false)]
    public void Analyze_ThousandFlowsWithKnownTruth_EveryNumberIsRight(int seed, string capture, bool hasKeys)
    {
        string directory = _files.Path($"truth-{seed}");
        Directory.CreateDirectory(directory);
        RunPython("groundtruth.py", directory, "--flows", "1000", "--seed", $"{seed}");
        using CaptureKeys keys = new();
        foreach (string secret in hasKeys ? Directory.GetFiles(directory, "base-*.hex") : [])
        {
            using KeyFile file = KeyFile.Load(secret);
            keys.AddBaseSecret(file, secret.EndsWith("base-3.hex", StringComparison.Ordinal) ? Suite.Aes128Gcm : Suite.Aes256Gcm);
        }
        using CaptureReader reader = CaptureReader.Open(Path.Combine(directory, capture));
        AnalysisReport report = new CaptureAnalyzer(keys).Analyze(reader);
        string analysis = Path.Combine(directory, "analysis.json");
        File.WriteAllText(analysis, Support.Trace.Text(report, ReportFormat.Json));
        RunPython("judge.py", Path.Combine(directory, hasKeys ? "truth.json" : "truth-without-keys.json"), analysis);
    }

    private static void RunPython(string script, params string[] arguments)
    {
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [InteropPath(script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, $"{script}: {output}{errors.Result}");
    }

    private static string InteropPath(string script)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "pdm6.slnx")))
            directory = directory.Parent;
        return Path.Combine(directory!.FullName, "interop", script);
    }
}
