using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Attachment;

/// <summary>A program on one hook of one interface by a tcx link. The kernel detaches it when the descriptor is
/// closed, by Dispose or by the death of the process.</summary>
internal sealed unsafe class TcxAttachment : IDisposable
{
    private int _link;

    private TcxAttachment(int link) => _link = link;

    internal static TcxAttachment Attach(BpfProgram program, int interfaceIndex, bool egress) =>
        new(DatapathException.ThrowIfNegative(
            Libbpf.bpf_link_create(program.Descriptor, interfaceIndex, egress ? Libbpf.TcxEgress : Libbpf.TcxIngress, null),
            $"Attaching {program.Name} to the interface with index {interfaceIndex}"));

    public void Dispose()
    {
        if (_link >= 0)
            _ = Libc.close(_link);
        _link = -1;
    }
}
