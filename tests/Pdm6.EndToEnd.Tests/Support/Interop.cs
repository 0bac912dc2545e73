using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests;

/// <summary>The programs in <c>interop/</c>, which share no code with what they check.</summary>
internal static class Interop
{
    /// <summary>Runs one of them on the directory that a run of the demo has left.</summary>
    internal static Task<ProgramResult> RunAsync(string script, string directory) =>
        Command(script, directory).RunAsync();

    /// <summary>The command line of one of them.</summary>
    internal static CommandLine Command(string script, params string[] arguments) =>
        CommandLine.Of("/usr/bin/python3", [Path.Combine(RepositoryRoot(), "interop", script), .. arguments]);

    /// <summary>The folder of the repository.</summary>
    internal static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "pdm6.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("These tests run from inside the repository only.");
    }
}
