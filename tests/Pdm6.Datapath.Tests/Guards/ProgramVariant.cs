using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>The kernel programs built from edited sources, with the flags of the build.</summary>
internal static class ProgramVariant
{
    private static readonly ConcurrentDictionary<string, Lazy<ReadOnlyMemory<byte>>> s_built = new();

    /// <summary>The ELF object; the same edits are compiled once.</summary>
    internal static ReadOnlyMemory<byte> Build(params IEnumerable<SourceEdit> edits)
    {
        SourceEdit[] list = [.. edits];
        return s_built.GetOrAdd(string.Join('\n', list.Select(edit => edit.ToString())), _ => new(() => Compile(list))).Value;
    }

    private static ReadOnlyMemory<byte> Compile(SourceEdit[] edits)
    {
        Dictionary<string, string> sources = ProgramSources.Read();
        foreach (SourceEdit edit in edits)
            ProgramSources.Apply(edit, sources);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("pdm6-variant-");
        try
        {
            foreach ((string name, string text) in sources)
                File.WriteAllText(Path.Combine(directory.FullName, name), text);
            // Through the shell, as the build does: the flags have a command substitution.
            ProcessStartInfo clang = new("sh", ["-c", $"clang {Flags()} -c {ProgramSources.Main} -o variant.o"])
            {
                WorkingDirectory = directory.FullName, RedirectStandardError = true,
            };
            using Process process = Process.Start(clang)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            return File.ReadAllBytes(Path.Combine(directory.FullName, "variant.o"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Flags() => typeof(ProgramVariant).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "BpfFlags").Value!;
}
