using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

/// <summary>UDP ports, a bit for each.</summary>
[AbiStruct("pdm6_frame_ports")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiFramePorts
{
    public fixed ulong Words[65536 / 64];

    /// <summary>Adds the ports from one to another, both included.</summary>
    internal void Add(PortRange range)
    {
        for (int port = range.First; port <= range.Last; port++)
            Words[port / 64] |= 1UL << port % 64;
    }
}
