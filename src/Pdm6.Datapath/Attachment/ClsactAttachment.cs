using System.Text;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Attachment;

/// <summary>
/// Both programs on an interface as filters of the clsact queueing discipline, for kernels before tcx. Filters outlive
/// their process, so those of a dead agent are looked for and removed; they sit at handles and a priority of our own
/// and run programs with our names.
/// <para>To add or delete a queueing discipline the kernel takes the interface's queues out of use for some milliseconds
/// and drops what is sent meanwhile (qdisc_graft, dev_deactivate). So a discipline that was there is used and left
/// there, whoever dies in between: the filters' handle tells the next agent whose it is.</para>
/// </summary>
internal sealed unsafe class ClsactAttachment : IDisposable
{
    private const uint InOurDiscipline = 1, InAnothersDiscipline = 2; // handles
    private const uint Priority = 0x7064;
    private const int ProgramInfoSize = 256, ProgramNameOffset = 64, ProgramNameSize = 16;

    private readonly int _interfaceIndex;
    private readonly uint _handle;
    private bool _disposed;

    private ClsactAttachment(int interfaceIndex, uint handle, bool addedDiscipline) =>
        (_interfaceIndex, _handle, AddedDiscipline) = (interfaceIndex, handle, addedDiscipline);

    /// <summary>Whether the interface had none.</summary>
    internal bool AddedDiscipline { get; }

    internal static ClsactAttachment Attach(BpfProgram ingress, BpfProgram egress, int interfaceIndex)
    {
        uint? leftBehind = RemoveLeftBehind(interfaceIndex, ingress.Name, egress.Name);
        TcHook discipline = Hook(interfaceIndex, TcHook.Ingress | TcHook.Egress);
        int created = Libbpf.bpf_tc_hook_create(&discipline);
        if (created != -Libc.ErrorExists)
            DatapathException.ThrowIfNegative(created, $"Adding clsact to the interface with index {interfaceIndex}");
        ClsactAttachment attachment = new(
            interfaceIndex, created == 0 ? InOurDiscipline : leftBehind ?? InAnothersDiscipline, addedDiscipline: created == 0);
        try
        {
            attachment.AddFilter(ingress, TcHook.Ingress);
            attachment.AddFilter(egress, TcHook.Egress);
            return attachment;
        }
        catch
        {
            attachment.Dispose();
            throw;
        }
    }

    /// <summary>Removes what an agent that was killed left on an interface that nobody claims. The handle that it had;
    /// null if there was nothing.</summary>
    internal static uint? RemoveLeftBehind(int interfaceIndex, string ingressName, string egressName)
    {
        uint? found = null;
        foreach (uint handle in (uint[])[InOurDiscipline, InAnothersDiscipline])
            if (RemoveLeftBehind(interfaceIndex, TcHook.Egress, handle, egressName)
                | RemoveLeftBehind(interfaceIndex, TcHook.Ingress, handle, ingressName))
                found = handle;
        return found;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        // Errors mean that interface, discipline or filter are gone already, which is what is wanted.
        _ = RemoveFilter(_interfaceIndex, TcHook.Egress, _handle);
        _ = RemoveFilter(_interfaceIndex, TcHook.Ingress, _handle);
        if (_handle != InOurDiscipline || TcFilters.Any(_interfaceIndex))
            return;
        TcHook discipline = Hook(_interfaceIndex, TcHook.Ingress | TcHook.Egress);
        _ = Libbpf.bpf_tc_hook_destroy(&discipline);
    }

    private void AddFilter(BpfProgram program, int point)
    {
        TcHook hook = Hook(_interfaceIndex, point);
        TcOptions options = new() { Size = (nuint)sizeof(TcOptions), ProgramFd = program.Descriptor, Handle = _handle, Priority = Priority };
        DatapathException.ThrowIfNegative(
            Libbpf.bpf_tc_attach(&hook, &options), $"Attaching {program.Name} to the interface with index {_interfaceIndex}");
    }

    private static int RemoveFilter(int interfaceIndex, int point, uint handle)
    {
        TcHook hook = Hook(interfaceIndex, point);
        TcOptions options = new() { Size = (nuint)sizeof(TcOptions), Handle = handle, Priority = Priority };
        return Libbpf.bpf_tc_detach(&hook, &options);
    }

    private static bool RemoveLeftBehind(int interfaceIndex, int point, uint handle, string programName)
    {
        TcHook hook = Hook(interfaceIndex, point);
        TcOptions options = new() { Size = (nuint)sizeof(TcOptions), Handle = handle, Priority = Priority };
        if (Libbpf.bpf_tc_query(&hook, &options) != 0)
            return false; // no filter there, or no discipline that could hold one
        string name = ProgramName(options.ProgramId);
        if (name != programName)
            throw new DatapathException(
                $"A tc filter of another program ('{name}') has the place of {programName} on the interface with index "
                + $"{interfaceIndex}: remove it (priority {Priority}, handle {handle}).");
        DatapathException.ThrowIfNegative(RemoveFilter(interfaceIndex, point, handle), $"Removing {programName} of an agent that was killed");
        return true;
    }

    private static string ProgramName(uint id)
    {
        int descriptor = DatapathException.ThrowIfNegative(Libbpf.bpf_prog_get_fd_by_id(id), "Opening an attached program");
        byte* info = stackalloc byte[ProgramInfoSize]; // struct bpf_prog_info
        new Span<byte>(info, ProgramInfoSize).Clear();
        uint length = ProgramInfoSize;
        int result = Libbpf.bpf_obj_get_info_by_fd(descriptor, info, &length);
        _ = Libc.close(descriptor);
        DatapathException.ThrowIfNegative(result, "Asking for an attached program");
        ReadOnlySpan<byte> name = new(info + ProgramNameOffset, ProgramNameSize);
        return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    private static TcHook Hook(int interfaceIndex, int point) =>
        new() { Size = (nuint)sizeof(TcHook), InterfaceIndex = interfaceIndex, AttachPoint = point };
}
