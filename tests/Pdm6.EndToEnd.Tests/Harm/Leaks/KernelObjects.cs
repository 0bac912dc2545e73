using System.Globalization;
using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>
/// The kernel's eBPF programs, maps and links. What came since a moment and no process holds has been left behind: other
/// work on the machine holds what it uses.
/// </summary>
internal sealed class KernelObjects
{
    // bpftool's name of a kind, and how /proc/PID/fdinfo marks a descriptor of it.
    private static readonly (string Kind, string Mark)[] s_kinds = [("prog", "prog_id:"), ("map", "map_id:"), ("link", "link_id:")];

    private readonly HashSet<string> _before = [.. Existing()];

    /// <summary>What is left behind, once the kernel has had its time to free what was let go; empty if nothing.</summary>
    internal async Task<IReadOnlyList<string>> LeftAsync(TimeSpan patience)
    {
        DateTime giveUp = DateTime.UtcNow + patience;
        while (true)
        {
            // What exists first: what has a holder then and is freed meanwhile is not asked for again.
            HashSet<string> left = [.. Existing().Except(_before)];
            left.ExceptWith(Held());
            left.IntersectWith(Existing());
            if (left.Count == 0 || DateTime.UtcNow > giveUp)
                return [.. left];
            await Task.Delay(50);
        }
    }

    private static IEnumerable<string> Existing() => s_kinds.SelectMany(kind => Listed(kind.Kind));

    private static IEnumerable<string> Listed(string kind)
    {
        string text = CommandLine.Of("bpftool", "-j", kind, "list").Run();
        if (string.IsNullOrWhiteSpace(text))
            yield break;
        using JsonDocument list = JsonDocument.Parse(text);
        foreach (JsonElement entry in list.RootElement.EnumerateArray())
            yield return $"{kind} {entry.GetProperty("id").GetInt32().ToString(CultureInfo.InvariantCulture)}";
    }

    private static IEnumerable<string> Held() => Directory.EnumerateDirectories("/proc")
        .Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0]))
        .SelectMany(FilesOf).SelectMany(LinesOf)
        .SelectMany(line => s_kinds.Where(kind => line.StartsWith(kind.Mark, StringComparison.Ordinal))
            .Select(kind => $"{kind.Kind} {line[kind.Mark.Length..].Trim()}"));

    private static string[] FilesOf(string process) => OrNothing(() => Directory.GetFiles($"{process}/fdinfo"));

    private static string[] LinesOf(string file) => OrNothing(() => File.ReadAllLines(file));

    private static string[] OrNothing(Func<string[]> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // the process has just ended, or closed it
        }
    }
}
