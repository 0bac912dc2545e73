using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Native;

/// <summary>
/// The part of libbpf 1.1 (Debian 12) that the datapath needs. Since libbpf 1.0 every function returns a negative
/// errno, or a null pointer with errno set.
/// </summary>
internal static unsafe partial class Libbpf
{
    private const string Library = "libbpf.so.1";

    /// <summary>Attach types of tcx, Linux 6.6 (include/uapi/linux/bpf.h); libbpf 1.1 has no names for them.</summary>
    internal const int TcxIngress = 46, TcxEgress = 47;

    internal const int MapTypeHash = 1, MapTypeArray = 2, MapTypeLpmTrie = 11;
    internal const uint MapNoPrealloc = 1;
    internal const ulong Any = 0, NoExist = 1;

    [LibraryImport(Library)]
    internal static partial void* libbpf_set_print(delegate* unmanaged<int, byte*, void*, int> print);
    [LibraryImport(Library)]
    internal static partial int libbpf_num_possible_cpus();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint bpf_object__open_mem(byte* elf, nuint size, ObjectOpenOptions* options);
    [LibraryImport(Library)]
    internal static partial int bpf_object__load(nint bpfObject);
    [LibraryImport(Library)]
    internal static partial void bpf_object__close(nint bpfObject);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint bpf_object__find_map_by_name(nint bpfObject, string name);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint bpf_object__find_program_by_name(nint bpfObject, string name);
    [LibraryImport(Library)]
    internal static partial nint bpf_object__btf(nint bpfObject);

    [LibraryImport(Library)]
    internal static partial int bpf_map__fd(nint map);
    [LibraryImport(Library)]
    internal static partial uint bpf_map__key_size(nint map);
    [LibraryImport(Library)]
    internal static partial uint bpf_map__value_size(nint map);
    [LibraryImport(Library)]
    internal static partial uint bpf_map__max_entries(nint map);
    [LibraryImport(Library)]
    internal static partial int bpf_map__set_max_entries(nint map, uint count);
    [LibraryImport(Library)]
    internal static partial int bpf_program__fd(nint program);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int bpf_map_create(int type, string name, uint keySize, uint valueSize, uint maxEntries, MapCreateOptions* options);
    [LibraryImport(Library)]
    internal static partial int bpf_map_update_elem(int map, void* key, void* value, ulong flags);
    [LibraryImport(Library)]
    internal static partial int bpf_map_lookup_elem(int map, void* key, void* value);
    [LibraryImport(Library)]
    internal static partial int bpf_map_delete_elem(int map, void* key);
    [LibraryImport(Library)]
    internal static partial int bpf_map_lookup_batch(int map, void* from, void* next, void* keys, void* values, uint* count, void* options);

    [LibraryImport(Library)]
    internal static partial int bpf_link_create(int program, int target, int attachType, void* options);
    [LibraryImport(Library)]
    internal static partial int bpf_prog_test_run_opts(int program, TestRunOptions* options);
    [LibraryImport(Library)]
    internal static partial int bpf_prog_get_fd_by_id(uint id);
    [LibraryImport(Library)]
    internal static partial int bpf_obj_get_info_by_fd(int descriptor, void* info, uint* length);

    [LibraryImport(Library)]
    internal static partial int bpf_tc_hook_create(TcHook* hook);
    [LibraryImport(Library)]
    internal static partial int bpf_tc_hook_destroy(TcHook* hook);
    [LibraryImport(Library)]
    internal static partial int bpf_tc_attach(TcHook* hook, TcOptions* options);
    [LibraryImport(Library)]
    internal static partial int bpf_tc_detach(TcHook* hook, TcOptions* options);
    [LibraryImport(Library)]
    internal static partial int bpf_tc_query(TcHook* hook, TcOptions* options);
}
