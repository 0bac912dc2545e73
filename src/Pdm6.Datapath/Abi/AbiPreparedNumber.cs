using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_prepared_number")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiPreparedNumber
{
    public fixed ulong Keystream[2];
    public fixed ulong TagMask[2];
}
