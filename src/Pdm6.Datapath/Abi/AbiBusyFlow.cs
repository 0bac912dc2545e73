using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_busy_flow")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiBusyFlow
{
    public uint Kind;
    public ushort Epoch;
    public ushort Carriage;
    public AbiFlow Flow;
    public ulong Serial;
}
