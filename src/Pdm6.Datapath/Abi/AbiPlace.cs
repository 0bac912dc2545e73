using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_place")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiPlace
{
    public uint Generation;
    public AbiDimensions Dimension;
    public ulong Id;
}
