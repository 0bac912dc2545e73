using System.Diagnostics;
using Pdm6.Lab;

namespace Pdm6.Bench;

/// <summary>Other people's programs, and our rebuilt ones.</summary>
internal static class ComparedPrograms
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Where a file of the repository is.</summary>
    public static string PathOf(string file)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "pdm6.slnx")))
            directory = directory.Parent;
        return Path.Combine(directory?.FullName ?? throw new BenchException("The bench runs from inside the repository only."), file);
    }

    /// <summary>Runs a client again and again until its server is there and it has something to say.</summary>
    public static ProgramResult RunUntil(CommandLine client, string expected)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            ProgramResult result = client.RunAsync().GetAwaiter().GetResult();
            if (result.ExitCode == 0 && result.Output.Contains(expected, StringComparison.Ordinal))
                return result;
            BenchException.Require(Stopwatch.GetElapsedTime(start) < s_patience, $"'{client}' failed: {result.Errors}{result.Output}");
        }
    }
}
