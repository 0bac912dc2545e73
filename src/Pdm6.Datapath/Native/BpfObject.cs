using System.Runtime.InteropServices;
using System.Text;

namespace Pdm6.Datapath.Native;

/// <summary>A compiled object of eBPF programs and maps, loaded into the kernel; everything goes with Dispose.</summary>
public sealed unsafe class BpfObject : IDisposable
{
    private const int VerifierLogSize = 4 << 20;

    private nint _handle;
    // libbpf may read the ELF image until load; the verifier writes its log during load.
    private nint _image, _log;

    private BpfObject(nint image, nint log, nint handle) => (_image, _log, _handle) = (image, log, handle);

    /// <summary>The object's type information, for tests of the shared layouts.</summary>
    internal nint Btf => Libbpf.bpf_object__btf(_handle);

    /// <summary>Reads an ELF object, without loading it yet.</summary>
    /// <exception cref="DatapathException">It is no eBPF object that libbpf can read.</exception>
    public static BpfObject Open(ReadOnlySpan<byte> elf)
    {
        byte* image = (byte*)NativeMemory.Alloc((nuint)elf.Length);
        elf.CopyTo(new Span<byte>(image, elf.Length));
        byte* log = (byte*)NativeMemory.AllocZeroed(VerifierLogSize);
        nuint length = (nuint)elf.Length;
        ((nint handle, int errno), string warnings) = LibbpfLog.Capture(() =>
        {
            ObjectOpenOptions options = new()
            {
                Size = (nuint)sizeof(ObjectOpenOptions),
                KernelLog = log,
                KernelLogSize = VerifierLogSize,
            };
            nint opened = Libbpf.bpf_object__open_mem(image, length, &options);
            return (opened, Marshal.GetLastPInvokeError());
        });
        if (handle != 0)
            return new BpfObject((nint)image, (nint)log, handle);
        NativeMemory.Free(image);
        NativeMemory.Free(log);
        throw new DatapathException(
            $"The eBPF object cannot be read: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})", errno, warnings);
    }

    /// <summary>Sets how many entries a map will have. Before <see cref="Load"/> only.</summary>
    public void SetMaxEntries(string map, uint count) => DatapathException.ThrowIfNegative(
        Libbpf.bpf_map__set_max_entries(FindMap(map), count), $"Sizing the map '{map}'");

    /// <summary>Creates the maps and has the kernel verify the programs.</summary>
    /// <exception cref="DatapathException">The kernel refused; its log is in
    /// <see cref="DatapathException.Details"/>.</exception>
    public void Load()
    {
        (int result, string warnings) = LibbpfLog.Capture(() => Libbpf.bpf_object__load(_handle));
        if (result >= 0)
            return;
        string log = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)_log));
        throw new DatapathException(
            $"The kernel refused the eBPF programs: {Marshal.GetPInvokeErrorMessage(-result)} (errno {-result})",
            -result, log + warnings);
    }

    /// <summary>A loaded map. It lives as long as this object.</summary>
    public BpfMap Map(string name)
    {
        nint map = FindMap(name);
        return new BpfMap(Libbpf.bpf_map__fd(map), (int)Libbpf.bpf_map__key_size(map), (int)Libbpf.bpf_map__value_size(map),
            Libbpf.bpf_map__max_entries(map), name);
    }

    /// <summary>A loaded program. It lives as long as this object.</summary>
    public BpfProgram Program(string name)
    {
        nint program = Libbpf.bpf_object__find_program_by_name(_handle, name);
        return program != 0
            ? new BpfProgram(Libbpf.bpf_program__fd(program), name)
            : throw new DatapathException($"The eBPF object has no program '{name}'.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle == 0)
            return;
        Libbpf.bpf_object__close(_handle);
        NativeMemory.Free((void*)_image);
        NativeMemory.Free((void*)_log);
        (_handle, _image, _log) = (0, 0, 0);
    }

    private nint FindMap(string name)
    {
        nint map = Libbpf.bpf_object__find_map_by_name(_handle, name);
        return map != 0 ? map : throw new DatapathException($"The eBPF object has no map '{name}'.");
    }
}
