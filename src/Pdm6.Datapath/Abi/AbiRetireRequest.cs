using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_retire_request")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiRetireRequest
{
    public fixed byte Ethernet[14];
    public fixed byte Zero[2];
    public uint Slot;
    public uint Zero2;
    public AbiFlow Flow;
    public ulong SerialBefore;
    public ulong IdleSinceNs;
}
