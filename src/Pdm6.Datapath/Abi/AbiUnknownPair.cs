using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_unknown_pair")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiUnknownPair
{
    public uint Kind;
    public uint Zero;
    public AbiPair Pair;
}
