using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Tests;

/// <summary>Reads struct layouts from the type information (BTF) that clang put into an eBPF object.</summary>
internal sealed unsafe partial class ObjectBtf(nint btf)
{
    private const int StructKind = 4;

    internal sealed record Layout(int Size, IReadOnlyDictionary<string, int> OffsetByMember);

    /// <summary>A struct's layout, or null if the object does not use that struct.</summary>
    internal Layout? FindStruct(string name)
    {
        int id = btf__find_by_name_kind(btf, name, StructKind);
        if (id < 0)
            return null;
        // struct btf_type: name, info (member count in the low half), size; then struct btf_member: name, type, bit offset
        uint* type = btf__type_by_id(btf, (uint)id);
        int memberCount = (int)(type[1] & 0xffff);
        Dictionary<string, int> offsets = [];
        for (int i = 0; i < memberCount; i++)
        {
            uint* member = type + 3 + 3 * i;
            offsets.Add(Marshal.PtrToStringUTF8(btf__name_by_offset(btf, member[0]))!, (int)member[2] / 8);
        }
        return new Layout((int)type[2], offsets);
    }

    [LibraryImport("libbpf.so.1", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int btf__find_by_name_kind(nint btf, string name, int kind);
    [LibraryImport("libbpf.so.1")]
    private static partial uint* btf__type_by_id(nint btf, uint id);
    [LibraryImport("libbpf.so.1")]
    private static partial nint btf__name_by_offset(nint btf, uint offset);
}
