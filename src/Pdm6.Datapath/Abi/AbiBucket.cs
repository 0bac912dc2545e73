using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_bucket")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiBucket
{
    public uint Lock;
    public uint Zero;
    public ulong NextTokenNs;
}
