using System.Globalization;

namespace Pdm6.EndToEnd.Tests.Limits;

/// <summary>What a process holds, as the kernel says.</summary>
/// <param name="ResidentOctets">Its pages in memory.</param>
/// <param name="MapOctets">The kernel memory of the eBPF maps that it has open.</param>
internal readonly record struct ProcessMemory(long ResidentOctets, long MapOctets)
{
    private const int Kibi = 1024;

    internal static ProcessMemory Of(int processId)
    {
        long resident = Number(File.ReadLines($"/proc/{processId}/status"), "VmRSS:") ?? 0;
        long maps = 0;
        foreach (string descriptor in Directory.EnumerateFiles($"/proc/{processId}/fdinfo"))
            maps += MapMemory(descriptor);
        return new ProcessMemory(resident * Kibi, maps);
    }

    private static long MapMemory(string descriptor)
    {
        try
        {
            string[] lines = File.ReadAllLines(descriptor);
            return Number(lines, "map_type:") is null ? 0 : Number(lines, "memlock:") ?? 0;
        }
        catch (FileNotFoundException)
        {
            return 0; // closed since it was listed
        }
    }

    private static long? Number(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture)
            : null;
}
