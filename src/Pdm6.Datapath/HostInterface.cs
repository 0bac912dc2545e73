using System.Runtime.InteropServices;
using System.Text;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>A network interface of the namespace that this process is in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its index, as the kernel calls it.</param>
/// <param name="LinkType">ARPHRD_ constant of include/uapi/linux/if_arp.h.</param>
public sealed record HostInterface(string Name, int Index, ushort LinkType)
{
    private const int NameSize = 16, RequestSize = 40;
    private const ushort Ethernet = 1;
    private const nuint GetIndex = 0x8933, GetHardwareAddress = 0x8927;
    private const int FamilyInet6 = 10, TypeDatagram = 2, CloseOnExec = 0x80000;

    /// <summary>True if packets begin with an Ethernet header there: what the kernel programs expect.</summary>
    public bool IsEthernet => LinkType == Ethernet;

    /// <summary>Looks an interface up; null if there is none of this name.</summary>
    /// <exception cref="DatapathException">The kernel refused to tell.</exception>
    public static HostInterface? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) >= NameSize)
            return null;
        int descriptor = Libc.socket(FamilyInet6, TypeDatagram | CloseOnExec, 0);
        if (descriptor < 0)
            throw DatapathException.FromErrno(Marshal.GetLastPInvokeError(), "Opening a socket");
        try
        {
            Span<byte> request = stackalloc byte[RequestSize];
            if (!Ask(descriptor, name, GetIndex, request))
                return null;
            int index = MemoryMarshal.Read<int>(request[NameSize..]);
            return Ask(descriptor, name, GetHardwareAddress, request)
                ? new HostInterface(name, index, MemoryMarshal.Read<ushort>(request[NameSize..]))
                : null;
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    private static unsafe bool Ask(int descriptor, string name, nuint question, Span<byte> request)
    {
        request.Clear();
        Encoding.UTF8.GetBytes(name, request);
        fixed (byte* pointer = request)
            if (Libc.ioctl(descriptor, question, pointer) == 0)
                return true;
        int errno = Marshal.GetLastPInvokeError();
        return errno == Libc.ErrorNoDevice
            ? false
            : throw DatapathException.FromErrno(errno, $"Asking for the interface {name}");
    }
}
