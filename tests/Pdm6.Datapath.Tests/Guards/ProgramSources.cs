using System.Text.RegularExpressions;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>The sources of the kernel programs, as they are in the repository.</summary>
internal static partial class ProgramSources
{
    internal const string Main = "pdm6.bpf.c";

    /// <summary>Text by file name.</summary>
    internal static Dictionary<string, string> Read() => Directory.EnumerateFiles(Path.Combine(FindRepository(), "bpf"))
        .Where(path => path.EndsWith(".c", StringComparison.Ordinal) || path.EndsWith(".h", StringComparison.Ordinal))
        .ToDictionary(path => Path.GetFileName(path), File.ReadAllText);

    /// <summary>The names behind all marks "guard:".</summary>
    internal static IEnumerable<string> GuardNames() =>
        Read().Values.SelectMany(text => Mark().Matches(text)).Select(match => match.Groups[1].Value);

    /// <summary>The same of the C# sources.</summary>
    internal static IEnumerable<string> GuardNamesOfUserSpace() =>
        Directory.EnumerateFiles(Path.Combine(FindRepository(), "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => UserSpaceMark().Matches(File.ReadAllText(path))).Select(match => match.Groups[1].Value);

    /// <summary>Makes an edit in the one file that it fits.</summary>
    internal static void Apply(SourceEdit edit, Dictionary<string, string> sources)
    {
        string file = Assert.Single(sources, source => source.Value.Contains(edit.Old, StringComparison.Ordinal)).Key;
        string[] parts = sources[file].Split(edit.Old);
        Assert.True(parts.Length == 2, $"{file} has more than once: {edit.Old}");
        sources[file] = parts[0] + edit.New + parts[1];
    }

    private static string FindRepository()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
            if (File.Exists(Path.Combine(directory, "pdm6.slnx")))
                return directory;
        throw new DirectoryNotFoundException($"no repository around {AppContext.BaseDirectory}");
    }

    [GeneratedRegex(@"/\* guard: ([a-z-]+) \*/")]
    private static partial Regex Mark();
    [GeneratedRegex("// guard: ([a-z-]+)")]
    private static partial Regex UserSpaceMark();
}
