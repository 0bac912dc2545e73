using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_prepare_request")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiPrepareRequest
{
    public fixed byte Ethernet[14];
    public fixed byte Zero[2];
    public uint Slot;
    public uint Lane;
    public AbiFlow Flow;
    public ulong Serial;
    public uint First;
    public uint End;
    public uint Carriage;
    public uint Zero2;
}
