using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_origin")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiOrigin
{
    public uint Generation;
    public AbiDimensions Dimension;
    public ulong Id;
}
