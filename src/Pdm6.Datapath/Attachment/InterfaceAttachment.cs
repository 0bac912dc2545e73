using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Attachment;

/// <summary>Both programs on one interface, and the claim on it.</summary>
internal sealed class InterfaceAttachment : IDisposable
{
    // In the order of attaching; taken down in reverse.
    private readonly Stack<IDisposable> _parts = new();

    private InterfaceAttachment() { }

    /// <summary>Whether the interface's queues were out of use for a moment: see <see cref="ClsactAttachment"/>.</summary>
    internal bool AddedDiscipline { get; private set; }

    /// <summary>Attaches by tcx where the kernel has it, else by clsact.</summary>
    internal static InterfaceAttachment Attach(BpfProgram ingress, BpfProgram egress, int interfaceIndex, bool forceClsact)
    {
        InterfaceAttachment attachment = new();
        try
        {
            attachment._parts.Push(InterfaceClaim.Take(interfaceIndex));
            if (forceClsact || HostRequirements.KernelVersion < HostRequirements.TcxKernel)
            {
                ClsactAttachment clsact = ClsactAttachment.Attach(ingress, egress, interfaceIndex);
                attachment._parts.Push(clsact);
                attachment.AddedDiscipline = clsact.AddedDiscipline;
                return attachment;
            }
            ClsactAttachment.RemoveLeftBehind(interfaceIndex, ingress.Name, egress.Name);
            attachment._parts.Push(TcxAttachment.Attach(ingress, interfaceIndex, egress: false));
            attachment._parts.Push(TcxAttachment.Attach(egress, interfaceIndex, egress: true));
            return attachment;
        }
        catch
        {
            attachment.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_parts.TryPop(out IDisposable? part))
            part.Dispose();
    }
}
