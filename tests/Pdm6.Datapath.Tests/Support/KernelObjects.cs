using System.Globalization;
using System.Runtime.InteropServices;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Tests;

/// <summary>The kernel's eBPF programs and maps that this process holds: others on the machine may make their own
/// meanwhile.</summary>
internal static partial class KernelObjects
{
    /// <summary>Ids of the programs that descriptors of this process keep.</summary>
    internal static HashSet<uint> HeldPrograms() => Held("prog_id:");

    /// <summary>Ids of the maps that descriptors of this process keep.</summary>
    internal static HashSet<uint> HeldMaps() => Held("map_id:");

    /// <summary>Whether the kernel still has one of these programs, whoever keeps it.</summary>
    internal static bool AnyProgramOf(IEnumerable<uint> ids) => ids.Any(id => Exists(Libbpf.bpf_prog_get_fd_by_id(id)));

    /// <summary>Whether the kernel still has one of these maps, whoever keeps it.</summary>
    internal static bool AnyMapOf(IEnumerable<uint> ids) => ids.Any(id => Exists(bpf_map_get_fd_by_id(id)));

    private static bool Exists(int descriptor)
    {
        if (descriptor < 0)
            return false;
        _ = Libc.close(descriptor);
        return true;
    }

    private static HashSet<uint> Held(string mark) =>
        [.. Directory.GetFiles("/proc/self/fdinfo").SelectMany(LinesOf)
            .Where(line => line.StartsWith(mark, StringComparison.Ordinal))
            .Select(line => uint.Parse(line.AsSpan(mark.Length).Trim(), CultureInfo.InvariantCulture))];

    private static string[] LinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return []; // closed since it was listed, as the descriptor that lists them is
        }
    }

    [LibraryImport("libbpf.so.1")]
    private static partial int bpf_map_get_fd_by_id(uint id);
}
