using System.Runtime.InteropServices;
using System.Text;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Tests;

/// <summary>Which of our programs and maps does the kernel hold, whoever loaded them?</summary>
internal static unsafe partial class KernelObjects
{
    private const int ProgramNameOffset = 64, MapNameOffset = 24, NameSize = 16;

    /// <summary>Ids of programs with one of our names.</summary>
    internal static HashSet<uint> Programs() =>
        Ids(bpf_prog_get_next_id, id => Libbpf.bpf_prog_get_fd_by_id(id), ProgramNameOffset, name => name.StartsWith("pdm6_", StringComparison.Ordinal));

    /// <summary>Ids of maps with names that only ours have.</summary>
    internal static HashSet<uint> Maps() =>
        Ids(bpf_map_get_next_id, bpf_map_get_fd_by_id, MapNameOffset, name => name is "pdm6_epoch" or "pdm6_grace" or "receiving_keys" or "free_slots" or "slots");

    private delegate int NextId(uint start, out uint next);

    private static HashSet<uint> Ids(NextId nextId, Func<uint, int> open, int nameOffset, Func<string, bool> isOurs)
    {
        HashSet<uint> ids = [];
        byte* info = stackalloc byte[256];
        for (uint id = 0; nextId(id, out id) == 0;)
        {
            int descriptor = open(id);
            if (descriptor < 0)
                continue; // gone since it was listed
            new Span<byte>(info, 256).Clear();
            uint length = 256;
            Assert.Equal(0, Libbpf.bpf_obj_get_info_by_fd(descriptor, info, &length));
            _ = Libc.close(descriptor);
            ReadOnlySpan<byte> name = new(info + nameOffset, NameSize);
            if (isOurs(Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)])))
                ids.Add(id);
        }
        return ids;
    }

    [LibraryImport("libbpf.so.1")]
    private static partial int bpf_prog_get_next_id(uint start, out uint next);
    [LibraryImport("libbpf.so.1")]
    private static partial int bpf_map_get_next_id(uint start, out uint next);
    [LibraryImport("libbpf.so.1")]
    private static partial int bpf_map_get_fd_by_id(uint id);
}
