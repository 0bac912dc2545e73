using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_outcomes")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiOutcomes
{
    public const int Count = 29;

    public fixed ulong Packets[Count];
}
