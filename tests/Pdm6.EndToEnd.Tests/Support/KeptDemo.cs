using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests;

/// <summary>A run of <c>pdm6 demo --keep</c> to its end, and what it left.</summary>
internal sealed class KeptDemo : IDisposable
{
    private readonly DirectoryInfo _directory;

    private KeptDemo(DirectoryInfo directory, DemoProcess process, int exitCode) =>
        (_directory, Process, ExitCode) = (directory, process, exitCode);

    internal string Directory => _directory.FullName;

    internal DemoProcess Process { get; }

    internal int ExitCode { get; }

    /// <summary>The groups of summary.json, by name.</summary>
    internal Dictionary<string, JsonElement> Groups =>
        Summary.GetProperty("groups").EnumerateArray().ToDictionary(group => group.GetProperty("name").GetString()!);

    internal JsonElement Summary => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Directory, "summary.json"))).RootElement;

    internal static async Task<KeptDemo> RunAsync(params string[] options)
    {
        DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("pdm6-kept-");
        DemoProcess process = DemoProcess.Start(["--keep", directory.FullName, .. options]);
        return new KeptDemo(directory, process, await process.WaitAsync());
    }

    /// <summary>Fails, with what the demo wrote, unless it ended well.</summary>
    internal void RequireSuccess() => Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Process.Output}");

    /// <summary>Fails, with what the script wrote, unless it agrees.</summary>
    internal async Task RequireAgreementAsync(string script)
    {
        RequireSuccess();
        ProgramResult verdict = await Interop.RunAsync(script, Directory);
        Assert.True(verdict.ExitCode == 0, $"{script} ended with {verdict.ExitCode}\n{verdict.Output}\n{verdict.Errors}\n{Process.Output}");
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
