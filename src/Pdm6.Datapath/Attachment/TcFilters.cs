using System.Runtime.InteropServices;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Attachment;

/// <summary>Asks rtnetlink whether anybody's filters are left in an interface's clsact discipline.</summary>
internal static unsafe class TcFilters
{
    private const int FamilyNetlink = 16, TypeRaw = 3, CloseOnExec = 0x80000;
    private const ushort GetFilter = 46, Done = 3, Error = 2;
    private const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private const uint IngressParent = 0xfffffff2, EgressParent = 0xfffffff3;

    // struct nlmsghdr and struct tcmsg
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public uint Length;
        public ushort Type, Flags;
        public uint Sequence, Port;
        public uint Family;
        public int InterfaceIndex;
        public uint Handle, Parent, Information;
    }

    /// <summary>True if there is one, or if the kernel does not say.</summary>
    internal static bool Any(int interfaceIndex) => Any(interfaceIndex, IngressParent) || Any(interfaceIndex, EgressParent);

    private static bool Any(int interfaceIndex, uint parent)
    {
        int descriptor = Libc.socket(FamilyNetlink, TypeRaw | CloseOnExec, 0);
        if (descriptor < 0)
            return true;
        try
        {
            Message request = new()
            {
                Length = (uint)sizeof(Message), Type = GetFilter, Flags = RequestDump, InterfaceIndex = interfaceIndex, Parent = parent,
            };
            if (Libc.send(descriptor, (byte*)&request, request.Length, 0) != request.Length)
                return true;
            byte* answer = stackalloc byte[16384];
            // The first message decides: a filter, the end of the (empty) list, or an error.
            return Libc.recv(descriptor, answer, 16384, 0) < 16 || ((Message*)answer)->Type is not (Done or Error);
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }
}
